package dev.headrace.examples.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a reader of the dashboard's stream remembers: ids and losses alone, so that it stays small. */
final class EventLog {

    private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");

    private final StringBuilder rest = new StringBuilder();
    private final List<Long> ids = new ArrayList<>();
    private long lost;

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
                    .forEach(line -> ids.add(Long.parseLong(line.substring("id: ".length()))));
        } else if (event.contains("event: loss")) {
            Matcher count = COUNT.matcher(event);
            lost += count.find() ? Long.parseLong(count.group(1)) : 0;
        }
    }

    synchronized List<Long> ids() {
        return List.copyOf(ids);
    }

    synchronized long lastId() {
        return ids.isEmpty() ? 0 : ids.get(ids.size() - 1);
    }

    synchronized long lost() {
        return lost;
    }
}
