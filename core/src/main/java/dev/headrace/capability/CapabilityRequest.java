package dev.headrace.capability;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a capability. Immutable; settings return a changed copy.
 *
 * @param <I> the type of the input
 */
public final class CapabilityRequest<I> {

    /** What the credentials of an integration with one kind of them go by. */
    static final String ONLY = "";

    private final I input;
    private final Map<String, Credentials> credentials;
    private final @Nullable Object settings;
    private final Paging page;
    private final boolean includeRaw;
    private final @Nullable String requestId;

    private CapabilityRequest(
            I input,
            Map<String, Credentials> credentials,
            @Nullable Object settings,
            Paging page,
            boolean includeRaw,
            @Nullable String requestId) {
        this.input = input;
        this.credentials = credentials;
        this.settings = settings;
        this.page = page;
        this.includeRaw = includeRaw;
        this.requestId = requestId;
    }

    /**
     * A request without credentials, settings, page and id.
     *
     * @param input what the capability is asked with
     * @param <I> its type
     * @return the request
     */
    public static <I> CapabilityRequest<I> of(I input) {
        return new CapabilityRequest<>(
                Objects.requireNonNull(input, "input"), Map.of(), null, Paging.NONE, false, null);
    }

    /**
     * What the capability is asked with.
     *
     * @return the input
     */
    public I input() {
        return input;
    }

    /**
     * From where on a list is wanted.
     *
     * @return the page; {@link Paging#NONE} if nobody says
     */
    public Paging page() {
        return page;
    }

    /**
     * Whether what the remote sent is wanted beside the answer.
     *
     * @return false by default
     */
    public boolean includesRaw() {
        return includeRaw;
    }

    /**
     * What the caller calls this request by.
     *
     * @return the id, if there is one
     */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /**
     * The same with credentials, for an integration that takes one kind of them.
     *
     * @param credentials whose call it is
     * @return another request
     */
    public CapabilityRequest<I> credentials(Credentials credentials) {
        return credentials(ONLY, credentials);
    }

    /**
     * The same with credentials beside those of other ids.
     *
     * @param id what the integration calls them
     * @param credentials whose call it is
     * @return another request
     */
    public CapabilityRequest<I> credentials(String id, Credentials credentials) {
        Map<String, Credentials> all = new LinkedHashMap<>(this.credentials);
        all.put(Objects.requireNonNull(id, "id"), Objects.requireNonNull(credentials, "credentials"));
        return credentials(all);
    }

    CapabilityRequest<I> credentials(Map<String, Credentials> all) {
        return new CapabilityRequest<>(input, Collections.unmodifiableMap(all), settings, page, includeRaw, requestId);
    }

    /**
     * The same with settings.
     *
     * @param settings an instance of the integration's class of settings
     * @return another request
     */
    public CapabilityRequest<I> settings(Object settings) {
        return new CapabilityRequest<>(
                input, credentials, Objects.requireNonNull(settings, "settings"), page, includeRaw, requestId);
    }

    /**
     * The same for another page.
     *
     * @param page from where on, and how many
     * @return another request
     */
    public CapabilityRequest<I> page(Paging page) {
        return new CapabilityRequest<>(
                input, credentials, settings, Objects.requireNonNull(page, "page"), includeRaw, requestId);
    }

    /**
     * The same with or without what the remote sends.
     *
     * @param includeRaw whether it is wanted beside the answer
     * @return another request
     */
    public CapabilityRequest<I> includeRaw(boolean includeRaw) {
        return new CapabilityRequest<>(input, credentials, settings, page, includeRaw, requestId);
    }

    /**
     * The same with an id.
     *
     * @param requestId what the caller calls this request by
     * @return another request
     */
    public CapabilityRequest<I> requestId(String requestId) {
        return new CapabilityRequest<>(
                input, credentials, settings, page, includeRaw, Objects.requireNonNull(requestId, "requestId"));
    }

    Map<String, Credentials> credentials() {
        return credentials;
    }

    @Nullable
    Object settings() {
        return settings;
    }

    /** Neither input nor settings: they may hold anything. */
    @Override
    public String toString() {
        return "CapabilityRequest[" + input.getClass().getSimpleName() + ", " + page + "]";
    }
}
