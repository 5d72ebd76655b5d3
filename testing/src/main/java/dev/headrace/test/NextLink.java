package dev.headrace.test;

import java.util.Optional;
import java.util.function.IntFunction;

/**
 * How a {@link FakeApi} writes its {@code Link} header (RFC 8288), well or badly.
 *
 * <p>An immutable value. All but {@link #repeating()} leave {@code rel="next"} out on the last page.
 */
public final class NextLink {

    /** An address in two halves. */
    record Target(String origin, String pathAndQuery) {}

    private enum Form {
        ABSOLUTE,
        RELATIVE,
        FOREIGN,
        REPEATING
    }

    private final Form form;
    private final String origin;
    private final String pattern;
    private final String extra;
    private final String path;

    private NextLink(Form form, String origin, String pattern, String extra, String path) {
        this.form = form;
        this.origin = origin;
        this.pattern = pattern;
        this.extra = extra;
        this.path = path;
    }

    /**
     * Full addresses on the host that was asked, with {@code rel="next"} and {@code rel="last"}, as GitHub does.
     *
     * @return the default form
     */
    public static NextLink absolute() {
        return new NextLink(Form.ABSOLUTE, "", "<%s>; rel=\"%s\"", "", "");
    }

    /**
     * Path and query only.
     *
     * @return the form
     */
    public static NextLink relative() {
        return new NextLink(Form.RELATIVE, "", "<%s>; rel=\"%s\"", "", "");
    }

    /**
     * Addresses on another origin, where credentials must not go.
     *
     * @param origin for example {@code http://elsewhere.test:8080}
     * @return the form
     */
    public static NextLink onOrigin(String origin) {
        return new NextLink(Form.FOREIGN, origin, "<%s>; rel=\"%s\"", "", "");
    }

    /**
     * Every page names itself as the next: a client that does not look runs in a circle.
     *
     * @return the form
     */
    public static NextLink repeating() {
        return new NextLink(Form.REPEATING, "", "<%s>; rel=\"%s\"", "", "");
    }

    /**
     * Puts the pages after the first under another path, as GitHub does with the number of the repository. The {@link FakeApi} answers there too.
     *
     * @param path for example {@code /repositories/7/issues}
     * @return a changed copy
     */
    public NextLink under(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path must begin with a slash: " + path);
        }
        return new NextLink(form, origin, pattern, extra, path);
    }

    /**
     * Puts another link before the others.
     *
     * @param link for example {@code <https://a.test/,;>; rel="help"; title="a, b; c"}
     * @return a changed copy
     */
    public NextLink with(String link) {
        return new NextLink(form, origin, pattern, link + ", " + extra, path);
    }

    /**
     * Writes {@code rel=next} without quotes.
     *
     * @return a changed copy
     */
    public NextLink unquoted() {
        return new NextLink(form, origin, "<%s>; rel=%s", extra, path);
    }

    /**
     * Writes several relations in one parameter and uncommon white space, and a title that looks like a link.
     *
     * @return a changed copy
     */
    public NextLink loose() {
        return new NextLink(form, origin, "<%s>  ;\ttitle=\"rel=prev; <no>\" ; REL=\"other %s\"", extra, path);
    }

    /** Where the pages after the first lie, unless it is where the first does. */
    Optional<String> path() {
        return path.isEmpty() ? Optional.empty() : Optional.of(path);
    }

    Optional<String> header(int page, int last, IntFunction<Target> pages) {
        StringBuilder header = new StringBuilder(extra);
        if (form == Form.REPEATING) {
            header.append(pattern.formatted(address(pages.apply(page)), "next"));
        } else if (page < last) {
            header.append(pattern.formatted(address(pages.apply(page + 1)), "next"))
                    .append(", ")
                    .append(pattern.formatted(address(pages.apply(last)), "last"));
        }
        if (header.toString().endsWith(", ")) {
            header.setLength(header.length() - 2);
        }
        return header.isEmpty() ? Optional.empty() : Optional.of(header.toString());
    }

    private String address(Target target) {
        return switch (form) {
            case ABSOLUTE, REPEATING -> target.origin() + target.pathAndQuery();
            case RELATIVE -> target.pathAndQuery();
            case FOREIGN -> origin + target.pathAndQuery();
        };
    }
}
