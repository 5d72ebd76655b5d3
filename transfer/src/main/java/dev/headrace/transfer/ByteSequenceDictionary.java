package dev.headrace.transfer;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Dictionary of structured fields (RFC 9651 §4.2.2) whose members are all Byte Sequences, as those of RFC 9530 are. Parameters are
 * allowed, and passed over. Strict: anything else is malformed as a whole.
 */
final class ByteSequenceDictionary {

    private static final String KEY = "[a-z*][a-z0-9_.*-]*+";
    private static final String BYTES = ":([A-Za-z0-9+/]*+={0,2}):";
    private static final String BARE_ITEM = BYTES + "|-?[0-9]{1,15}+(?:\\.[0-9]{1,3}+)?|\\?[01]"
            + "|[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*+"
            + "|\"[ !#-\\[\\]-~]*+(?:\\\\[\"\\\\][ !#-\\[\\]-~]*+)*+\"";
    private static final Pattern MEMBER = Pattern.compile("(" + KEY + ")=" + BYTES);
    private static final Pattern PARAMETER = Pattern.compile("; *+" + KEY + "(?:=(?:" + BARE_ITEM + "))?");
    private static final Pattern COMMA = Pattern.compile("[ \t]*+,[ \t]*+");
    private static final Pattern SPACES = Pattern.compile(" *+");

    private final String text;
    private int index;

    private ByteSequenceDictionary(String text) {
        this.text = text;
    }

    /**
     * Reads all lines of a field as one.
     *
     * @param lines the values of the field
     * @return the members in order; of a key that comes twice the last
     * @throws IllegalArgumentException if it is malformed
     */
    static Map<String, byte[]> parse(List<String> lines) {
        return new ByteSequenceDictionary(String.join(", ", lines)).members();
    }

    private Map<String, byte[]> members() {
        Map<String, byte[]> members = new LinkedHashMap<>();
        next(SPACES);
        if (index == text.length()) {
            return members;
        }
        do {
            MatchResult member = next(MEMBER);
            if (member == null) {
                throw malformed();
            }
            // A decoder that does not insist on padding is what RFC 9651 §4.2.7 asks for.
            members.put(member.group(1), Base64.getDecoder().decode(member.group(2)));
            while (next(PARAMETER) != null) {}
        } while (next(COMMA) != null);
        next(SPACES);
        if (index != text.length()) {
            throw malformed();
        }
        return members;
    }

    private @Nullable MatchResult next(Pattern pattern) {
        Matcher here = pattern.matcher(text).region(index, text.length());
        if (!here.lookingAt()) {
            return null;
        }
        index = here.end();
        return here;
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException("Not a dictionary of byte sequences at index " + index);
    }
}
