package dev.headrace.cli;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A name for a downloaded file, from the last segment of its URL and from nothing the remote says. It is always one element of a path: no
 * separators, no control or formatting characters, nothing a shell or Windows takes for something else, not hidden, not too long.
 */
final class FileName {

    private static final String FALLBACK = "download";
    private static final Pattern UNSAFE =
            Pattern.compile("[/\\\\:*?\"<>|\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}\\x{FFFD}]");
    private static final Pattern DEVICE =
            Pattern.compile("(?i)(con|prn|aux|nul|conin\\$|conout\\$|com[0-9¹²³]|lpt[0-9¹²³])(\\..*)?");
    // 255 bytes is what file systems allow, and a part file has something appended.
    private static final int LONGEST = 200;

    private FileName() {}

    static String of(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String segment = decoded(path.substring(path.lastIndexOf('/') + 1));
        String name = UNSAFE.matcher(segment).replaceAll("_");
        name = shortened(name.replaceFirst("^[.\\s]+", "")).replaceFirst("[.\\s]+$", "");
        if (name.isEmpty()) {
            return FALLBACK;
        }
        // A dash in front would be an option to the next command that meets the file.
        return DEVICE.matcher(name).matches() || name.startsWith("-") ? "_" + name : name;
    }

    private static String decoded(String segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                // A URI has two digits behind each.
                bytes.write(Integer.parseInt(segment.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String shortened(String name) {
        int end = name.length();
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end);
    }
}
