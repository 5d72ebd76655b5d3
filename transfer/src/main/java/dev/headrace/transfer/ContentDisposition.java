package dev.headrace.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file name in a {@code Content-Disposition} (RFC 6266 §4.1), as it is said: not fit to be used before it was made harmless. Strict but
 * for one thing: empty parameters are passed over, as a semicolon at the end is common.
 */
final class ContentDisposition {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final Pattern TYPE = Pattern.compile("[ \t]*+" + TOKEN + "[ \t]*+");
    private static final Pattern PARAMETER = Pattern.compile(
            ";[ \t]*+(?:(" + TOKEN + ")[ \t]*+=[ \t]*+(?:(" + TOKEN + ")|\"((?:[^\"\\\\]++|\\\\.)*+)\")[ \t]*+)?");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
    private static final Pattern EXTENDED =
            Pattern.compile("(?i)(UTF-8|ISO-8859-1)'[a-z0-9-]*+'((?:[!#$&+.^_`|~0-9a-z-]|%[0-9a-f]{2})++)");

    private ContentDisposition() {}

    static Optional<String> fileName(String value) {
        Map<String, String> parameters = new HashMap<>();
        Matcher type = TYPE.matcher(value);
        if (!type.lookingAt()) {
            return Optional.empty();
        }
        int index = type.end();
        Matcher parameter = PARAMETER.matcher(value);
        while (index < value.length()) {
            if (!parameter.region(index, value.length()).lookingAt()) {
                return Optional.empty();
            }
            index = parameter.end();
            if (parameter.group(1) != null) {
                String text = parameter.group(2) != null
                        ? parameter.group(2)
                        : ESCAPE.matcher(parameter.group(3)).replaceAll("$1");
                if (parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), text) != null) {
                    // Which of two is meant?
                    return Optional.empty();
                }
            }
        }
        return Optional.ofNullable(parameters.get("filename*"))
                .flatMap(ContentDisposition::extended)
                .or(() -> Optional.ofNullable(parameters.get("filename")).map(ContentDisposition::text));
    }

    /** RFC 8187 §3.2.1. */
    private static Optional<String> extended(String value) {
        Matcher parts = EXTENDED.matcher(value);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return decoded(PercentBytes.decoded(parts.group(2)), Charset.forName(parts.group(1)));
    }

    private static String text(String value) {
        // A field comes with a character for each byte.
        return value.chars().allMatch(c -> c <= 0xFF)
                ? decoded(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                        .orElse(value)
                : value;
    }

    private static Optional<String> decoded(byte[] bytes, Charset charset) {
        try {
            return Optional.of(
                    charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException notSo) {
            return Optional.empty();
        }
    }
}
