package dev.headrace.sse;

import dev.headrace.http.Redactor;

/** Ids and names of events in messages: a remote may have put anything there. */
final class EventText {

    private static final int LONGEST = 100;

    private EventText() {}

    static String shown(String text) {
        String beginning = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return Redactor.text(beginning.replaceAll("\\p{Cntrl}", "?"));
    }
}
