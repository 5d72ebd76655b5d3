package dev.headrace.http;

import java.util.Locale;
import java.util.Set;

/**
 * Finds secrets in text that may be JSON, a form, header lines, XML, prose with URLs in it, or a mixture, whole or cut off anywhere.
 *
 * <p>It walks from word to word. When a word names a secret, what follows decides how far its value goes: a quoted value to the matching
 * quote (at the same depth of escaping, for JSON travels in JSON strings), an array or object to its end, a header line to the end of the
 * line, anything else to the next delimiter. Where the end is missing, everything that follows is masked. After a value the walk goes on
 * behind it, and every look ahead is bounded by the next delimiter, so the time stays in proportion to the length.
 */
final class TextRedaction {

    private static final int LONGEST_NAME = 128;
    private static final int SHORTEST_WEB_TOKEN = 20;
    private static final String CDATA = "<![CDATA[";

    private static final Set<String> SCHEMES = Set.of("bearer", "basic", "digest", "negotiate", "token", "dpop");
    // "Basic authentication failed" says something; RFC 6750 §3 puts a realm behind the scheme.
    private static final Set<String> PROSE = Set.of(
            "token",
            "tokens",
            "auth",
            "authentication",
            "authorization",
            "scheme",
            "credentials",
            "is",
            "realm",
            "error",
            "scope");
    // With a colon in the middle of a line these are as often prose as names: "error code: 17".
    private static final Set<String> WEAK_NAMES =
            Set.of("key", "code", "pass", "auth", "sig", "sid", "oauth", "bearer", "assertion");
    private static final Set<String> FIRST_WORDS = Set.of(
            "api", "private", "secret", "access", "refresh", "auth", "bearer", "oauth", "session", "csrf", "xsrf",
            "client");
    private static final Set<String> WHOLE_LINES =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    private final String text;
    private final StringBuilder out;
    private int copied;
    private int previousStart;
    private int previousEnd = -1;
    private int wordsInLine;
    private boolean escapedLine;

    TextRedaction(String text) {
        this.text = text;
        this.out = new StringBuilder(text.length() + 16);
    }

    String redacted() {
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (c == ':' && (text.startsWith("://", i) || text.startsWith(":\\/\\/", i))) {
                i = authority(i + (text.charAt(i + 1) == '/' ? 3 : 5));
            } else if (isWordAt(i)) {
                i = word(i);
            } else if (c == '\\' && i + 1 < text.length() && "nrtbf".indexOf(text.charAt(i + 1)) >= 0) {
                if (text.charAt(i + 1) == 'n' || text.charAt(i + 1) == 'r') {
                    newLine(true);
                }
                i += 2;
            } else {
                if (c == '\n' || c == '\r') {
                    newLine(false);
                }
                i++;
            }
        }
        return out.append(text, copied, text.length()).toString();
    }

    private void newLine(boolean escaped) {
        wordsInLine = 0;
        escapedLine = escaped;
    }

    private void mask(int from, int to) {
        if (from < to) {
            out.append(text, copied, from).append(Secret.MASK);
            copied = to;
        }
    }

    /** {@code user:password@} in front of a host. */
    private int authority(int start) {
        int at = -1;
        int i = start;
        for (; i < text.length() && !isBlank(i) && "/?#\"'<>\\".indexOf(text.charAt(i)) < 0; i++) {
            if (text.charAt(i) == '@') {
                at = i;
            }
        }
        if (at < 0) {
            return start;
        }
        mask(start, at);
        return at;
    }

    private int word(int start) {
        int end = start;
        while (isWordAt(end)) {
            end += text.charAt(end) == '\\' ? 6 : 1;
        }
        String word = unescaped(text.substring(Math.max(start, end - LONGEST_NAME), end));
        String lower = word.toLowerCase(Locale.ROOT);
        int next = credentials(start, end, lower);
        if (next < 0 && isWebToken(start, end)) {
            mask(start, end);
            next = end;
        }
        if (next < 0) {
            next = named(start, end, lower);
        }
        previousStart = start;
        previousEnd = end;
        wordsInLine++;
        return Math.max(next, end);
    }

    /** {@code Bearer …} and {@code Basic …} wherever they stand (RFC 9110 §11.4). */
    private int credentials(int start, int end, String word) {
        if (word.startsWith("bearer ") || word.startsWith("basic ")) {
            if (PROSE.contains(word.substring(word.indexOf(' ') + 1))) {
                return -1;
            }
            mask(start, end);
            return end;
        }
        if (!word.equals("bearer") && !word.equals("basic")) {
            return -1;
        }
        int from = end;
        while (from < text.length() && (isBlank(from) || text.charAt(from) == '+')) {
            from++;
        }
        int to = untilDelimiter(from);
        if (from == end || from == to || PROSE.contains(firstWord(from, to))) {
            return -1;
        }
        mask(from, to);
        return to;
    }

    private String firstWord(int from, int to) {
        int end = from;
        while (end < to && end - from < LONGEST_NAME && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(from, end).toLowerCase(Locale.ROOT);
    }

    /** RFC 7519 §3: three parts, the first of which is an object in base64url. */
    private boolean isWebToken(int start, int end) {
        if (end - start < SHORTEST_WEB_TOKEN || !text.startsWith("eyJ", start)) {
            return false;
        }
        return text.substring(start, end).chars().filter(c -> c == '.').count() >= 2;
    }

    /** What a secret name says; -1 if the name is none or nothing follows that could be a value. */
    private int named(int start, int end, String name) {
        boolean secret = Redactor.isSecretName(name);
        boolean joined = false;
        if (previousEnd >= 0 && previousEnd + 1 == start && text.charAt(previousEnd) == ' ') {
            // "api key", "session id": in prose a name may be two words.
            String first = firstWord(previousStart, previousEnd);
            joined = FIRST_WORDS.contains(first) && Redactor.isSecretName(first + name);
            name = joined ? first + name : name;
        }
        if (!secret && !joined) {
            return -1;
        }
        if (isTagAt(start)) {
            return element(end);
        }
        int backslashes = backslashes(end);
        boolean quoted = isQuote(end + backslashes);
        char quote = quoted ? text.charAt(end + backslashes) : '"';
        int i = skipSpace(quoted ? end + backslashes + 1 : end, quoted);
        if (i >= text.length() || text.charAt(i) != ':' && text.charAt(i) != '=') {
            return -1;
        }
        boolean equals = text.charAt(i) == '=';
        i++;
        while (equals && i < text.length() && (text.charAt(i) == '=' || text.charAt(i) == '>')) {
            i++;
        }
        if (!equals && text.startsWith("//", i)) {
            return -1;
        }
        boolean firstInLine = wordsInLine == 0 || joined && wordsInLine == 1;
        i = skipSpace(i, quoted);
        if (quoted) {
            return fieldValue(i, quote, backslashes);
        }
        if (WHOLE_LINES.contains(name) && !equals) {
            return lineValue(i, false, true);
        }
        if (firstInLine && !isQuote(i + backslashes(i)) && !isBracket(i)) {
            return lineValue(i, equals, !escapedLine);
        }
        if (!equals && WEAK_NAMES.contains(name) && !followsPunctuation(start)) {
            return -1;
        }
        return isQuote(i + backslashes(i)) || isBracket(i)
                ? fieldValue(i, quote, 0)
                : bareValue(i, equals ? untilFormDelimiter(i) : untilDelimiter(i));
    }

    /** A value as JSON and its relatives write it. */
    private int fieldValue(int start, char quote, int depth) {
        int backslashes = backslashes(start);
        if (isQuote(start + backslashes)) {
            int from = start + backslashes + 1;
            int to = closingQuote(from, text.charAt(from - 1), backslashes);
            mask(from, to);
            return to;
        }
        int to = isBracket(start) ? closingBracket(start, quote, depth) : untilDelimiter(start);
        String literal = to - start <= 5 ? text.substring(start, to) : "";
        if (!literal.equals("null") && !literal.equals("true") && !literal.equals("false")) {
            mask(start, to);
        }
        return to;
    }

    private int lineValue(int start, boolean form, boolean wholeLine) {
        int i = start;
        while (i < text.length()
                && text.charAt(i) != '\n'
                && text.charAt(i) != '\r'
                && !(form && text.charAt(i) == '&')
                && (wholeLine || !isQuote(i))) {
            i++;
        }
        mask(start, i);
        return i;
    }

    private int bareValue(int start, int end) {
        int to = end;
        if (SCHEMES.contains(firstWord(start, end)) && end < text.length() && isBlank(end)) {
            to = untilDelimiter(skipSpace(end, false));
        }
        mask(start, to);
        return to;
    }

    /** The content of an element whose name has just been read. */
    private int element(int end) {
        int close = end;
        while (close < text.length() && text.charAt(close) != '<' && text.charAt(close) != '>') {
            close++;
        }
        if (close >= text.length() || text.charAt(close) == '<' || text.charAt(close - 1) == '/') {
            return -1;
        }
        int from = close + 1;
        int to = text.startsWith(CDATA, from) ? text.indexOf("]]>", from) : text.indexOf('<', from);
        to = to < 0 ? text.length() : to;
        mask(from, to);
        return to;
    }

    private boolean isTagAt(int start) {
        int name = start > 0 && text.charAt(start - 1) == ':' && previousEnd == start - 1 ? previousStart : start;
        return name > 0 && text.charAt(name - 1) == '<';
    }

    private int closingQuote(int from, char quote, int depth) {
        int run = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                run++;
            } else {
                // Fewer backslashes end a string further out; twice as many and one are a quote within this one.
                if (c == quote && (run < depth || (run - depth) % (2 * (depth + 1)) == 0)) {
                    return i - Math.min(run, depth);
                }
                run = 0;
            }
        }
        return text.length();
    }

    private int closingBracket(int from, char quote, int depth) {
        int open = 0;
        int run = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                if (run < depth) {
                    return i - run;
                }
                i = closingQuote(i + 1, quote, run) + run;
                run = 0;
            } else if (c == '{' || c == '[') {
                open++;
            } else if ((c == '}' || c == ']') && --open == 0) {
                return i + 1;
            }
            run = c == '\\' ? run + 1 : 0;
        }
        return text.length();
    }

    private int untilDelimiter(int from) {
        int i = from;
        while (i < text.length() && !isSpace(i) && "\"',;<>&)]}".indexOf(text.charAt(i)) < 0) {
            i++;
        }
        return i;
    }

    /** In a form or query only few characters end a value; others may belong to it. */
    private int untilFormDelimiter(int from) {
        int i = from;
        while (i < text.length() && !isSpace(i) && "\"'<>&".indexOf(text.charAt(i)) < 0) {
            i++;
        }
        return i;
    }

    private boolean followsPunctuation(int start) {
        int i = start - 1;
        while (i > 0 && isBlank(i)) {
            i--;
        }
        return i >= 0 && "{[(,;?&".indexOf(text.charAt(i)) >= 0;
    }

    private int skipSpace(int from, boolean overLines) {
        int i = from;
        while (i < text.length() && (overLines ? isSpace(i) : isBlank(i))) {
            i++;
        }
        return i;
    }

    private int backslashes(int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) == '\\') {
            i++;
        }
        return i - from;
    }

    private boolean isQuote(int at) {
        return at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'');
    }

    private boolean isBracket(int at) {
        return at < text.length() && (text.charAt(at) == '{' || text.charAt(at) == '[');
    }

    private boolean isBlank(int at) {
        return text.charAt(at) == ' ' || text.charAt(at) == '\t';
    }

    private boolean isSpace(int at) {
        return text.charAt(at) <= ' ';
    }

    private boolean isWordAt(int at) {
        if (at >= text.length()) {
            return false;
        }
        char c = text.charAt(at);
        return Character.isLetterOrDigit(c) || "_-.%$".indexOf(c) >= 0 || c == '\\' && isUnicodeEscape(at);
    }

    private boolean isUnicodeEscape(int at) {
        if (at + 6 > text.length() || text.charAt(at + 1) != 'u') {
            return false;
        }
        for (int i = at + 2; i < at + 6; i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        // A quote or a line break in disguise ends a word like any other.
        return Character.isLetterOrDigit(escape(at)) || escape(at) == '_' || escape(at) == '-';
    }

    private char escape(int at) {
        return (char) Integer.parseInt(text, at + 2, at + 6, 16);
    }

    private static String unescaped(String word) {
        if (word.indexOf('%') >= 0) {
            return PercentCoding.decode(word);
        }
        int escape = word.indexOf("\\u");
        if (escape < 0) {
            return word;
        }
        StringBuilder plain = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) == '\\' && i + 6 <= word.length()) {
                plain.append((char) Integer.parseInt(word, i + 2, i + 6, 16));
                i += 5;
            } else {
                plain.append(word.charAt(i));
            }
        }
        return plain.toString();
    }
}
