package dev.headrace.transfer;

import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of an upload as it may be printed. Whoever knows the last segment of its path can often read, change and delete what was
 * uploaded, so that is masked as a secret is.
 */
final class UploadUrl {

    private static final Pattern LAST_SEGMENT = Pattern.compile("([^/]+)/*$");

    private UploadUrl() {}

    /** Without its last segment, and without what {@link Redactor} takes for a secret. */
    static String printable(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        String printed = Redactor.uri(url);
        Matcher last = LAST_SEGMENT.matcher(path);
        if (!last.find()) {
            return printed;
        }
        int query = printed.indexOf('?');
        String head = query < 0 ? printed : printed.substring(0, query);
        int start = head.lastIndexOf(last.group());
        return start < 0
                ? printed
                : head.substring(0, start)
                        + Secret.MASK
                        + head.substring(start + last.group(1).length())
                        + (query < 0 ? "" : printed.substring(query));
    }

    /** A request to it whose messages, and those of its answers, do not show it. */
    static Request request(Request asked, URI url) {
        Request at = asked.at(url);
        Matcher last = LAST_SEGMENT.matcher(url.getRawPath() == null ? "" : url.getRawPath());
        return last.find() ? at.withSecretsOf(Request.get("/{upload}", Secret.of(last.group(1)))) : at;
    }
}
