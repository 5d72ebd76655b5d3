package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.decode.Decoder;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.json.Codec;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.SseDecoder;
import dev.headrace.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Bodies that lie in memory, and connectors that answer with them: all of the library but the socket, on the thread that reads. An
 * interceptor answers in place of what is behind it.
 */
final class MemoryReads {

    /** As much as a read of the transport brings at most. */
    static final int CHUNK = 16 * 1024;

    private static final byte[] HEAD =
            "{\"status\":\"ok\",\"data\":{\"cursor\":null,\"items\":[\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TAIL = "]},\"took\":12}".getBytes(StandardCharsets.UTF_8);

    private MemoryReads() {}

    /** A block of events in chunks of one size. */
    static Flux<ByteBuffer> events(EventBlock block) {
        return chunks(block.pieces(CHUNK));
    }

    /** Each event in a chunk of its own. */
    static Flux<ByteBuffer> eventPerChunk(EventBlock block) {
        return chunks(block.events());
    }

    /** One document with the items at {@code /data/items}. */
    static Flux<ByteBuffer> document(int blocks) {
        byte[] elements = ItemBlock.joined(",\n");
        List<byte[]> document = new ArrayList<>(blocks + 2);
        document.add(HEAD);
        document.addAll(Collections.nCopies(blocks - 1, elements));
        document.add(Arrays.copyOf(elements, elements.length - 2));
        document.add(TAIL);
        return chunks(cut(document));
    }

    /** One item on each line. */
    static Flux<ByteBuffer> lines(int blocks) {
        return chunks(cut(Collections.nCopies(blocks, ItemBlock.joined("\n"))));
    }

    /** The ticks of the small events as CSV, below the names of their columns. */
    static Flux<ByteBuffer> rows() {
        Codec<Tick> codec = new TickCodec();
        StringBuilder text = new StringBuilder("symbol,price,size,at\r\n");
        for (SseEvent event :
                SseDecoder.create().decode(events(EventBlock.SMALL)).toIterable()) {
            byte[] json = event.data().getBytes(StandardCharsets.UTF_8);
            Tick tick = codec.decode(json, 0, json.length);
            text.append(tick.symbol())
                    .append(',')
                    .append(tick.price())
                    .append(',')
                    .append(tick.size())
                    .append(',')
                    .append(tick.at())
                    .append("\r\n");
        }
        return chunks(cut(List.of(text.toString().getBytes(StandardCharsets.UTF_8))));
    }

    /** All of a body in one array. */
    static byte[] bytes(Flux<ByteBuffer> body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        body.map(ByteBuffer::duplicate)
                .doOnNext(chunk -> {
                    byte[] bytes = new byte[chunk.remaining()];
                    chunk.get(bytes);
                    all.writeBytes(bytes);
                })
                .blockLast();
        return all.toByteArray();
    }

    static <T> Flux<T> decoded(Flux<ByteBuffer> body, Decoder<T> decoder) {
        return decoder.decode(Response.of(Request.get("http://localhost/"), 200, Headers.none(), body));
    }

    static EventStream stream(Flux<ByteBuffer> body) {
        return EventStream.from(answering("text/event-stream", body), Request.get("/events"))
                .completeOnCleanEnd();
    }

    static <T> Flux<T> document(Flux<ByteBuffer> body, Codec<T> codec) {
        return answering("application/json", body)
                .records(Endpoint.get("/document").decode(Decoder.items("/data/items", codec)));
    }

    static <T> Flux<T> lines(Flux<ByteBuffer> body, Codec<T> codec) {
        return answering("application/x-ndjson", body)
                .records(Endpoint.get("/lines").decode(Decoder.ndjson(codec)));
    }

    static Connector answering(String type, Flux<ByteBuffer> body) {
        Headers headers = Headers.of("Content-Type", type);
        return Connector.builder("http://localhost")
                .interceptor((request, next) -> Mono.fromSupplier(() -> Response.of(request, 200, headers, body)))
                .build();
    }

    /**
     * Reads a stream to its end with no limit on demand, and proves by a number of each item that it was all of it, and that it came on this
     * thread.
     */
    static <T> Tally read(Flux<T> stream, ToLongFunction<? super T> value, Tally expected) {
        Tally.Counter counter = new Tally.Counter();
        Thread reader = Thread.currentThread();
        stream.doOnNext(item -> {
                    if (Thread.currentThread() != reader) {
                        throw new IllegalStateException("Another thread has a part in it: " + Thread.currentThread());
                    }
                    counter.add(value.applyAsLong(item));
                })
                .blockLast();
        Tally seen = counter.result();
        seen.check(expected);
        return seen;
    }

    /** Answers with as many pages as a block has items, one item on each; {@code page} in the query says which. */
    static Connector answeringPages() {
        List<byte[]> items = ItemBlock.texts();
        return Connector.builder("http://localhost")
                .interceptor((request, next) -> Mono.fromSupplier(() -> {
                    int page = Integer.parseInt(request.uri().getQuery().substring("page=".length()));
                    return Response.of(
                            request, 200, Headers.of("Content-Type", "application/x-ndjson"), items.get(page - 1));
                }))
                .build();
    }

    /** The same codec without its batches: each item by itself. */
    static <T> Codec<T> oneByOne(Codec<T> codec) {
        return (bytes, from, to) -> codec.decode(bytes, from, to);
    }

    private static Flux<ByteBuffer> chunks(List<byte[]> pieces) {
        return Flux.fromIterable(pieces.stream().map(ByteBuffer::wrap).toList());
    }

    /** The same bytes in chunks of one size, as they come out of a socket. */
    private static List<byte[]> cut(List<byte[]> parts) {
        int length = parts.stream().mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int end = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, end, part.length);
            end += part.length;
        }
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; from < length; from += CHUNK) {
            chunks.add(Arrays.copyOfRange(all, from, Math.min(from + CHUNK, length)));
        }
        return chunks;
    }
}
