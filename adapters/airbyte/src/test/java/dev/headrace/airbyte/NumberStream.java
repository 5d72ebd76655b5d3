package dev.headrace.airbyte;

import dev.headrace.connector.Connector;
import dev.headrace.json.Json;
import dev.headrace.stream.Availability;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Message;
import dev.headrace.stream.MessageStream;
import dev.headrace.stream.Notice;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamDescription;
import dev.headrace.stream.StreamRecord;
import dev.headrace.stream.SyncMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Records with the numbers from 1, with a checkpoint behind every page and at the end; what is asked for is counted. */
final class NumberStream implements MessageStream<Object> {

    private final String name;
    private final int count;
    private final int page;
    private final AtomicInteger produced = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private @Nullable RuntimeException failure;
    private @Nullable Object instead;
    private Notice.@Nullable Kind notice;
    private Duration delay = Duration.ZERO;
    private String padding = "";

    NumberStream(String name, int count, int page) {
        this.name = name;
        this.count = count;
        this.page = page;
    }

    /** Fails behind all records, before the last checkpoint; checks fail, too. */
    NumberStream failing(RuntimeException failure) {
        this.failure = failure;
        return this;
    }

    /** Something else than a number, in place of each record. */
    NumberStream instead(Object record) {
        this.instead = record;
        return this;
    }

    /** Begins with a notice. */
    NumberStream noting(Notice.Kind kind) {
        this.notice = kind;
        return this;
    }

    /** With states of so many bytes more. */
    NumberStream padding(int bytes) {
        this.padding = "x".repeat(bytes);
        return this;
    }

    NumberStream delaying(Duration delay) {
        this.delay = delay;
        return this;
    }

    /** How many messages have been asked for, and made. */
    int produced() {
        return produced.get();
    }

    int cancelled() {
        return cancelled.get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Mono<StreamDescription> describe() {
        return failure == null
                ? Mono.just(new StreamDescription(
                        name,
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Set.of(SyncMode.INCREMENTAL, SyncMode.FULL_REFRESH),
                        Optional.empty()))
                : Mono.error(failure);
    }

    @Override
    public Flux<Message<Object>> read(Connector connector, @Nullable JsonNode state) {
        int from = state == null ? 0 : state.path("at").intValue();
        Flux<Message<Object>> messages = Flux.fromIterable(messages(from))
                .doOnNext(message -> produced.incrementAndGet())
                .doOnCancel(cancelled::incrementAndGet);
        Flux<Message<Object>> paced = delay.isZero()
                ? messages
                : messages.concatMap(message -> Mono.just(message).delayElement(delay), 0);
        return failure == null ? paced : paced.concatWith(Mono.error(failure));
    }

    private List<Message<Object>> messages(int from) {
        List<Message<Object>> messages = new ArrayList<>();
        if (notice != null) {
            messages.add(new Notice<>(name, notice, "Stream '" + name + "': look", Slice.EMPTY, Optional.empty()));
        }
        for (int number = from + 1; number <= count; number++) {
            messages.add(new StreamRecord<>(name, instead == null ? Map.of("n", number) : instead, Slice.EMPTY));
            if (number % page == 0 && number < count) {
                messages.add(checkpoint(number));
            }
        }
        if (failure == null) {
            messages.add(checkpoint(count));
        }
        return messages;
    }

    private Checkpoint<Object> checkpoint(int number) {
        Map<String, Object> state = new LinkedHashMap<>(Map.of("version", 1));
        state.put("at", number);
        if (!padding.isEmpty()) {
            state.put("padding", padding);
        }
        return Checkpoint.of(name, Json.toTree(state));
    }

    @Override
    public Mono<Availability> check(Connector connector) {
        return failure == null ? Mono.just(new Availability(true, "", null)) : Mono.error(failure);
    }
}
