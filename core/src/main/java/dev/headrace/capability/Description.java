package dev.headrace.capability;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an integration says about itself to people. Immutable; settings return a changed copy.
 *
 * @param displayName its name
 * @param text what it does; empty if nobody says
 * @param logo a picture
 * @param vendorDomain whose application it is for, such as {@code example.com}
 * @param categories what kinds of application that is
 */
public record Description(
        String displayName, String text, Optional<URI> logo, Optional<String> vendorDomain, List<String> categories) {

    /**
     * Checks that all is there.
     *
     * @param displayName its name
     * @param text what it does
     * @param logo a picture
     * @param vendorDomain whose application it is for
     * @param categories what kinds of application that is
     */
    public Description {
        Objects.requireNonNull(displayName, "displayName");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(logo, "logo");
        Objects.requireNonNull(vendorDomain, "vendorDomain");
        categories = List.copyOf(categories);
    }

    /**
     * A description that is a name.
     *
     * @param displayName the integration's name
     * @return the description
     */
    public static Description of(String displayName) {
        return new Description(displayName, "", Optional.empty(), Optional.empty(), List.of());
    }

    /**
     * The same with a text.
     *
     * @param text what the integration does
     * @return another description
     */
    public Description text(String text) {
        return new Description(displayName, text, logo, vendorDomain, categories);
    }

    /**
     * The same with a picture.
     *
     * @param logo where it is
     * @return another description
     */
    public Description logo(URI logo) {
        return new Description(displayName, text, Optional.of(logo), vendorDomain, categories);
    }

    /**
     * The same with the vendor of the application.
     *
     * @param domain such as {@code example.com}
     * @return another description
     */
    public Description vendorDomain(String domain) {
        return new Description(displayName, text, logo, Optional.of(domain), categories);
    }

    /**
     * The same with categories.
     *
     * @param categories what kinds of application that is
     * @return another description
     */
    public Description categories(String... categories) {
        return new Description(displayName, text, logo, vendorDomain, List.of(categories));
    }
}
