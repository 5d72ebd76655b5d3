package dev.headrace.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One look into one document for the places of a {@link PointerSet}. Containers that lead to one are gone through, all else is passed over by
 * its quotes and brackets. It ends as soon as every place has been found, or cannot be found any more.
 */
final class PointerLookup {

    private static final Codec<String> KEYS = Codec.of(String.class);

    private final byte[] bytes;
    private final int from;
    private final int to;
    private final @Nullable String[] texts;
    // Of equal keys the first counts, so no step is taken twice.
    private final boolean[] taken;
    private int at;
    // How many places have not been decided.
    private int left;

    PointerLookup(byte[] bytes, int from, int to, int steps, @Nullable String[] texts) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.texts = texts;
        this.taken = new boolean[steps];
        this.at = from;
        this.left = texts.length;
    }

    void document(PointerSet.Step root) {
        value(root);
    }

    /** Reads the value that begins behind white space, for the places it leads to. */
    private void value(PointerSet.Step step) {
        byte first = peek();
        int start = at;
        int leftBehind = left - step.leadsTo;
        boolean leadsOn = !step.children.isEmpty() && (first == '{' || first == '[');
        if (!leadsOn) {
            skip(first);
        } else if (first == '{') {
            object(step);
        } else {
            array(step);
        }
        if (left > 0) {
            // Otherwise the container has been left as soon as it had given all, and none around it is asked for.
            for (int place : step.places) {
                texts[place] = new String(bytes, start, at - start, StandardCharsets.UTF_8);
            }
            left = leftBehind;
        }
    }

    private void object(PointerSet.Step step) {
        at++;
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            PointerSet.Step next = key(step);
            expect(':');
            member(next);
            if (left == 0 || ends('}')) {
                return;
            }
        }
    }

    private void array(PointerSet.Step step) {
        at++;
        if (peek() == ']') {
            at++;
            return;
        }
        for (int index = 0; ; index++) {
            int known = step.keys.indexOf(Integer.toString(index));
            member(known < 0 ? null : step.children.get(known));
            if (left == 0 || ends(']')) {
                return;
            }
        }
    }

    private void member(PointerSet.@Nullable Step step) {
        if (step == null || taken[step.number]) {
            skip(peek());
        } else {
            taken[step.number] = true;
            value(step);
        }
    }

    /** Goes behind the comma or bracket that follows a member. True if it is the bracket. */
    private boolean ends(char bracket) {
        byte next = peek();
        at++;
        if (next != bracket && next != ',') {
            throw malformed(at - 1);
        }
        return next == bracket;
    }

    private PointerSet.@Nullable Step key(PointerSet.Step step) {
        if (peek() != '"') {
            throw malformed(at);
        }
        int start = at;
        if (string()) {
            byte[] key = unescaped(start);
            return step.child(key, 0, key.length);
        }
        return step.child(bytes, start + 1, at - 1);
    }

    private byte[] unescaped(int start) {
        try {
            return KEYS.decode(bytes, start, at).getBytes(StandardCharsets.UTF_8);
        } catch (DecodingException e) {
            throw malformed(start);
        }
    }

    /** Passes over a string. True if it has escapes. */
    private boolean string() {
        boolean escapes = false;
        int i = at + 1;
        while (true) {
            i = Lexemes.quoteOrBackslash(bytes, i, to);
            if (i >= to) {
                throw malformed(to);
            }
            if (bytes[i] == '"') {
                at = i + 1;
                return escapes;
            }
            escapes = true;
            i += 2;
        }
    }

    private void skip(byte first) {
        if (first == '"') {
            string();
        } else if (first == '{' || first == '[') {
            container();
        } else {
            int end = Lexemes.endOfScalar(bytes, at, to);
            if (end == at) {
                throw malformed(at);
            }
            at = end;
        }
    }

    private void container() {
        int depth = 0;
        do {
            at = Lexemes.quoteOrBracket(bytes, at, to);
            if (at == to) {
                throw malformed(to);
            }
            byte next = bytes[at];
            if (next == '"') {
                string();
            } else {
                depth += next == '{' || next == '[' ? 1 : -1;
                at++;
            }
        } while (depth > 0);
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw malformed(at);
        }
        at++;
    }

    /** The next byte behind white space. */
    private byte peek() {
        while (at < to) {
            byte next = bytes[at];
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return next;
            }
            at++;
        }
        throw malformed(to);
    }

    private DecodingException malformed(int index) {
        return new DecodingException(
                "the item is no JSON where its values are looked for", index - from, DecodingException.UNKNOWN, null);
    }
}
