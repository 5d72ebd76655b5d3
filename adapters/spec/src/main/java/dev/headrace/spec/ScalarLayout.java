package dev.headrace.spec;

/**
 * Where the characters of a scalar stand in its document: their lines are folded, their quotes gone and their escapes
 * replaced, so an offset in the text is none in the source. Found by walking along both, and only when something there
 * is to be pointed at.
 *
 * @param source all of the document
 * @param from where the scalar begins in it, quote or block indicator included
 * @param to behind its end
 * @param style how it is written
 */
record ScalarLayout(Source source, int from, int to, Style style) {

    enum Style {
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        BLOCK
    }

    /** A document as code points. */
    static final class Source {

        private final int[] characters;

        private Source(int[] characters) {
            this.characters = characters;
        }

        static Source of(String text) {
            return new Source(text.codePoints().toArray());
        }

        int at(int index) {
            return characters[index];
        }

        int length() {
            return characters.length;
        }

        Position position(int index) {
            int line = 1;
            int begin = 0;
            for (int i = 0; i < index; i++) {
                if (isLineEnd(i)) {
                    line++;
                    begin = i + 1;
                }
            }
            return new Position(line, index - begin + 1);
        }

        private boolean isLineEnd(int index) {
            return characters[index] == '\n'
                    || characters[index] == '\r' && (index + 1 == characters.length || characters[index + 1] != '\n');
        }

        boolean isBlank(int index) {
            int character = characters[index];
            return character == ' ' || character == '\t' || character == '\n' || character == '\r';
        }
    }

    /** Where a character of the scalar's text stands; behind its last character for an offset behind the text. */
    Position position(String text, int offset) {
        int index = content();
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int character = text.codePointAt(at);
            index = isBlank(character) ? index : skipIndentation(index);
            if (at >= offset) {
                break;
            }
            index = behind(index, character);
        }
        return source.position(Math.min(index, Math.max(from, to)));
    }

    /** The first character of the content. */
    private int content() {
        if (style == Style.PLAIN) {
            return from;
        }
        int index = from + 1;
        if (style == Style.BLOCK) {
            while (index < to && source.at(index - 1) != '\n') {
                index++;
            }
        }
        return index;
    }

    /** Past the blanks that are none of the text's, and line ends that are escaped. */
    private int skipIndentation(int index) {
        int after = index;
        while (after < to && (source.isBlank(after) || isContinuation(after))) {
            after++;
        }
        return after;
    }

    private boolean isContinuation(int index) {
        return style == Style.DOUBLE_QUOTED
                && source.at(index) == '\\'
                && index + 1 < to
                && (source.at(index + 1) == '\n' || source.at(index + 1) == '\r');
    }

    private static boolean isBlank(int character) {
        return character == ' ' || character == '\t' || character == '\n';
    }

    /** Past what stands for one character of the text. */
    private int behind(int index, int character) {
        if (index >= to) {
            return index;
        }
        int written = source.at(index);
        if (style == Style.DOUBLE_QUOTED && written == '\\') {
            return index + escapeLength(index + 1);
        }
        if (style == Style.SINGLE_QUOTED && written == '\'') {
            return index + 2;
        }
        if (isBlank(character) && written != character) {
            // A folded line end is one blank of the text, and the indentation behind it none.
            return source.isBlank(index) ? skipIndentation(index) : index;
        }
        return index + 1;
    }

    private int escapeLength(int index) {
        return switch (index < to ? source.at(index) : ' ') {
            case 'x' -> 4;
            case 'u' -> 6;
            case 'U' -> 10;
            default -> 2;
        };
    }
}
