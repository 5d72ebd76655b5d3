package dev.headrace.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name of a key's file. Different keys have different names, also where file names know no case; each name is one that every
 * common file system takes, and lies in the directory it is put in.
 */
final class StateFileName {

    private static final String SUFFIX = ".json";
    /** File systems take 255 bytes, some that encrypt 143; what a temporary file adds must fit in too. */
    private static final int LONGEST = 130;

    private static final int PREFIX_OF_LONG = 60;
    private static final String MARKS = "._-";
    /** Windows takes these for devices, whatever comes behind the dot. */
    private static final Pattern DEVICE = Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

    private StateFileName() {}

    static String checked(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("The key of a state must not be empty");
        }
        return key;
    }

    static String of(String key) {
        boolean device = DEVICE.matcher(key).matches();
        StringBuilder name = new StringBuilder();
        key.codePoints().forEach(c -> {
            // A file that begins with a dot is hidden.
            boolean first = name.isEmpty();
            if (isPlain(c) && !(first && (c == '.' || device))) {
                name.append((char) c);
            } else {
                encode(c, name);
            }
        });
        return (name.length() > LONGEST ? name.substring(0, PREFIX_OF_LONG) + "~" + sha256(name) : name) + SUFFIX;
    }

    private static boolean isPlain(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || MARKS.indexOf(c) >= 0;
    }

    private static void encode(int codePoint, StringBuilder name) {
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            // Half of a pair has no UTF-8 and would become a question mark, as would every other.
            name.append("%u").append(Integer.toHexString(codePoint));
            return;
        }
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            HexFormat.of().withUpperCase().toHexDigits(name.append('%'), b);
        }
    }

    private static String sha256(CharSequence name) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(name.toString().getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
