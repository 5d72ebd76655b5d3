package dev.headrace.examples.dashboard;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a reader of the dashboard's stream remembers: how many, and whether in a row; whoever measures the heap must not fill it. */
final class EventLog {

    private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");

    private final StringBuilder rest = new StringBuilder();
    private long first;
    private long last;
    private long count;
    private long lost;
    private boolean inARow = true;

    synchronized void add(String text) {
        rest.append(text);
        for (int end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
            note(rest.substring(0, end));
            rest.delete(0, end + 2);
        }
    }

    private void note(String event) {
        if (event.contains("event: feed")) {
            event.lines()
                    .filter(line -> line.startsWith("id: "))
                    .forEach(line -> note(Long.parseLong(line.substring("id: ".length()))));
        } else if (event.contains("event: loss")) {
            Matcher count = COUNT.matcher(event);
            lost += count.find() ? Long.parseLong(count.group(1)) : 0;
        }
    }

    private void note(long id) {
        inARow &= count == 0 || id == last + 1;
        first = count == 0 ? id : first;
        last = id;
        count++;
    }

    /** Of the first event that came; 0 before. */
    synchronized long firstId() {
        return first;
    }

    /** Of the newest event; 0 before. */
    synchronized long lastId() {
        return last;
    }

    synchronized long count() {
        return count;
    }

    /** Whether each event has had the id behind the one before. */
    synchronized boolean isInARow() {
        return inARow;
    }

    synchronized long lost() {
        return lost;
    }

    @Override
    public synchronized String toString() {
        return count + " events from " + first + " to " + last + ", " + lost + " lost, " + (inARow ? "" : "not ")
                + "in a row, " + rest.length() + " characters begun";
    }
}
