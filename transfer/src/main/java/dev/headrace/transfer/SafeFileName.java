package dev.headrace.transfer;

import dev.headrace.http.Headers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A harmless name for a downloaded file, from what a URL or a server says.
 *
 * <p>Whatever they say, it is one element of a path on any system: never empty, at most 200 bytes of UTF-8, without separators, without
 * control, formatting or private characters, not hidden, not an option to a command, and nothing that Windows takes for a device. Which
 * directory it goes to, and what becomes of a file of that name, is the caller's to say.
 */
public final class SafeFileName {

    private static final String FALLBACK = "download";
    private static final Pattern UNSAFE =
            Pattern.compile("[/\\\\:*?\"<>|\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Cn}\\p{Zl}\\p{Zp}\\x{FFFD}]");
    // What transfers keep beside a file: no other file must be taken for it.
    private static final Pattern OURS = Pattern.compile("(?i)\\.(part|hr)$");
    private static final Pattern LEADING = Pattern.compile("^[.\\s]+");
    private static final Pattern TRAILING = Pattern.compile("[.\\s]++$");
    private static final Pattern DEVICE =
            Pattern.compile("(?i)(con|prn|aux|nul|conin\\$|conout\\$|com[0-9¹²³]|lpt[0-9¹²³])\\s*+(\\..*)?");
    // 255 bytes is what file systems allow, and a part file has something appended.
    private static final int LONGEST = 200;

    private SafeFileName() {}

    /**
     * A name from the last segment of a URL's path.
     *
     * @param uri any URL
     * @return a harmless name; {@code download} if nothing is left of the segment
     */
    public static String of(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String segment = path.substring(path.lastIndexOf('/') + 1);
        return sanitised(new String(PercentBytes.decoded(segment), StandardCharsets.UTF_8))
                .orElse(FALLBACK);
    }

    /**
     * A name from the {@code Content-Disposition} of a response (RFC 6266), whatever the disposition. {@code filename*} (RFC 8187, in UTF-8
     * or ISO-8859-1) goes before {@code filename}; of a name with directories the last part is taken, as RFC 6266 §4.3 advises. A
     * {@code filename} outside ASCII is read as UTF-8 where it is that, and as ISO-8859-1 otherwise.
     *
     * @param headers the fields of the response
     * @return a harmless name; empty if there is none, the field is malformed or comes twice, or nothing is left of the name
     */
    public static Optional<String> fromContentDisposition(Headers headers) {
        List<String> values = headers.all("Content-Disposition");
        return values.size() == 1
                ? ContentDisposition.fileName(values.get(0))
                        .map(name -> name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1))
                        .flatMap(SafeFileName::sanitised)
                : Optional.empty();
    }

    private static Optional<String> sanitised(String said) {
        String name = UNSAFE.matcher(said).replaceAll("_");
        name = withoutTail(LEADING.matcher(name).replaceFirst(""));
        if (name.isEmpty()) {
            return Optional.empty();
        }
        // A dash in front would be an option to the next command that meets the file.
        String harmless = DEVICE.matcher(name).matches() || name.startsWith("-") ? "_" + name : name;
        String shortened = withoutTail(shortened(harmless));
        return Optional.of(OURS.matcher(shortened).find() ? shortened + "_" : shortened);
    }

    private static String withoutTail(String name) {
        return TRAILING.matcher(name).replaceFirst("");
    }

    private static String shortened(String name) {
        int end = 0;
        int bytes = 0;
        while (end < name.length()) {
            int point = name.codePointAt(end);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > LONGEST) {
                break;
            }
            end += Character.charCount(point);
        }
        return name.substring(0, end);
    }
}
