package dev.headrace.sse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One case of the conformance set: bytes, cut as they are to come, and what must come of them. */
record SseCase(
        String name,
        List<byte[]> chunks,
        List<SseEvent> expected,
        String lastEventId,
        Duration retry,
        boolean anyRetry,
        List<Integer> eventsAfterChunk) {

    static Stream<SseCase> all() throws IOException {
        try (InputStream file = Objects.requireNonNull(SseCase.class.getResourceAsStream("/sse-cases.json"))) {
            List<SseCase> cases = new ArrayList<>();
            JsonMapper.shared().readTree(file).forEach(node -> cases.add(read(node)));
            return cases.stream();
        }
    }

    private static SseCase read(JsonNode node) {
        List<byte[]> chunks = new ArrayList<>();
        node.get("chunks").forEach(chunk -> chunks.add(Base64.getDecoder().decode(chunk.stringValue())));
        List<SseEvent> expected = new ArrayList<>();
        node.get("expected")
                .forEach(event -> expected.add(new SseEvent(
                        event.get("id").stringValue(),
                        event.get("event").stringValue(),
                        event.get("data").stringValue())));
        List<Integer> eventsAfterChunk = new ArrayList<>();
        node.path("eventsAfterChunk").forEach(count -> eventsAfterChunk.add(count.intValue()));
        return new SseCase(
                node.get("name").stringValue(),
                chunks,
                expected,
                node.get("lastEventId").stringValue(),
                Duration.ofMillis(node.get("retry").asLong(0)),
                node.has("retryUnspecified"),
                eventsAfterChunk);
    }

    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        chunks.forEach(all::writeBytes);
        return all.toByteArray();
    }

    List<byte[]> cutInto(int size) {
        byte[] bytes = bytes();
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += size) {
            pieces.add(Arrays.copyOfRange(bytes, from, Math.min(from + size, bytes.length)));
        }
        return pieces;
    }

    /** Pieces of 0 to 40 bytes, always the same for the same seed. */
    List<byte[]> cutAtRandom(long seed) {
        Random random = new Random(seed);
        byte[] bytes = bytes();
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + random.nextInt(41));
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces;
    }

    @Override
    public String toString() {
        return name;
    }
}
