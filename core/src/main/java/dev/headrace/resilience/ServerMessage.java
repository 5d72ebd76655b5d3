package dev.headrace.resilience;

import dev.headrace.json.Pointer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What a server says about its failure, found in the usual places of a JSON body and cut to a line. */
final class ServerMessage {

    private static final int LONGEST = 200;

    private static final List<Pointer> PLACES = Stream.of(
                    "/errors/0/message",
                    "/error/message",
                    "/message",
                    "/error_description",
                    "/detail",
                    "/error",
                    "/errors/0",
                    "/title")
            .map(Pointer::of)
            .toList();

    private ServerMessage() {}

    static Optional<String> in(Evidence evidence) {
        return PLACES.stream()
                .flatMap(place -> evidence.valueAt(place).stream())
                .filter(JsonNode::isString)
                .map(value -> printable(value.stringValue()))
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    private static String printable(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
