package dev.headrace.benchmarks;

import java.util.Optional;

/** Text by hand with places for what is generated, each between {@code <!-- begin NAME -->} and {@code <!-- end NAME -->}. */
final class MarkedText {

    private MarkedText() {}

    /** The text with another content in a place, and all else as it was; empty if it has no such place. */
    static Optional<String> replace(String text, String name, String content) {
        String begin = "<!-- begin " + name + " -->";
        int from = text.indexOf(begin);
        int to = from < 0 ? -1 : text.indexOf("<!-- end " + name + " -->", from);
        return to < 0
                ? Optional.empty()
                : Optional.of(
                        text.substring(0, from + begin.length()) + "\n" + content.strip() + "\n" + text.substring(to));
    }
}
