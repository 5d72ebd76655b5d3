package dev.headrace.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.stream.Stream;

/** The JDK's client with its lines, and the shortest code that makes events of them. */
final class JdkEvents {

    private JdkEvents() {}

    static Contestant.Preparation texts() {
        return reading(EventChecksum::of);
    }

    static Contestant.Preparation ticks() {
        return reading((id, name, data) -> JacksonItems.tick(data).checksum());
    }

    static Contestant.Preparation reports() {
        return reading((id, name, data) -> JacksonItems.report(data).checksum());
    }

    /** Takes a number from an event. */
    @FunctionalInterface
    private interface Value {
        long of(String id, String name, String data);
    }

    private static Contestant.Preparation reading(Value value) {
        return (url, knobs) -> {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/events"))
                    .header("Accept", "text/event-stream")
                    .build();
            return () -> {
                try (Stream<String> lines = client.send(request, HttpResponse.BodyHandlers.ofLines())
                        .body()) {
                    return events(lines.iterator(), value);
                }
            };
        };
    }

    private static Tally events(Iterator<String> lines, Value value) {
        Tally.Counter counter = new Tally.Counter();
        String id = "";
        String name = "message";
        String data = "";
        StringBuilder more = new StringBuilder();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    counter.add(value.of(id, name, more.isEmpty() ? data : more.toString()));
                }
                name = "message";
                data = "";
                more.setLength(0);
            } else if (line.startsWith("data:")) {
                String text = field(line, 5);
                if (data.isEmpty()) {
                    data = text;
                } else {
                    (more.isEmpty() ? more.append(data) : more).append('\n').append(text);
                }
            } else if (line.startsWith("event:")) {
                name = field(line, 6);
            } else if (line.startsWith("id:")) {
                id = field(line, 3);
            }
        }
        return counter.result();
    }

    private static String field(String line, int from) {
        return line.substring(line.length() > from && line.charAt(from) == ' ' ? from + 1 : from);
    }
}
