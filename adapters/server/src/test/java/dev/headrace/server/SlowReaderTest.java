package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.stream.Message;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A source that could say more than its caller wants to read. */
class SlowReaderTest {

    private static final int SIZE = 64 * 1024;

    /** What the sockets of both sides may hold by themselves: Linux lets them grow to about 10 MiB. */
    private static final int IN_SOCKETS = 16 * 1024 * 1024 / SIZE;

    private static Message<JsonNode> large() {
        return new StreamRecord<>(
                "numbers", JsonNodeFactory.instance.objectNode().put("x", "x".repeat(SIZE)), Slice.EMPTY);
    }

    @Test
    void isReadAtTheSpeedOfItsReader() throws IOException {
        AtomicInteger read = new AtomicInteger();
        Flux<Message<JsonNode>> endless = Flux.generate(() -> large(), (message, sink) -> {
            read.incrementAndGet();
            sink.next(message);
            return message;
        });
        try (RunningServer server = Acme.serving(Acme.streaming(endless));
                RawCaller raw = new RawCaller(server, 8 * 1024)) {
            raw.say(RawCaller.post("/read", "{}"));
            Eventually.is(() -> server.stats().messagesSent() > 0);
            int standing = standing(server, read);

            assertThat(read.get() - server.stats().messagesSent()).isLessThanOrEqualTo(2L * LineBatches.AHEAD);
            assertThat(standing).isLessThan(IN_SOCKETS + 2 * LineBatches.AHEAD);

            raw.in().readNBytes(4 * IN_SOCKETS * SIZE);
            assertThat(read).hasValueGreaterThan(standing);
            assertThat(read.get() - server.stats().messagesSent()).isLessThanOrEqualTo(2L * LineBatches.AHEAD);
        }
    }

    /** How many messages were read when nothing moved any more. */
    private static int standing(RunningServer server, AtomicInteger read) {
        int[] last = {-1, 0};
        Eventually.is(() -> {
            int now = read.get();
            last[1] = now == last[0] ? last[1] + 1 : 0;
            last[0] = now;
            return last[1] > 40 && server.stats().openStreams() == 1;
        });
        return last[0];
    }

    @Test
    void isCutOffWhenItsReaderReadsNothing() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Flux<Message<JsonNode>> endless =
                Flux.<Message<JsonNode>>generate(sink -> sink.next(large())).doOnCancel(() -> cancelled.set(true));
        CapabilityServer impatient = Acme.server(Acme.streaming(endless)).stallTimeout(Duration.ofSeconds(1));
        try (RunningServer server = Acme.started(impatient);
                RawCaller raw = new RawCaller(server, 8 * 1024)) {
            raw.say(RawCaller.post("/read", "{}"));

            Eventually.is(() -> server.stats().cancelled() == 1);
            Eventually.isQuiet(server);
            assertThat(cancelled).isTrue();
        }
    }

    @Test
    void isReadToItsEndByAReaderThatGoesOnSlowly() {
        int size = 24 * 1024 * 1024;
        Message<JsonNode> huge = new StreamRecord<>(
                "numbers", JsonNodeFactory.instance.objectNode().put("x", "x".repeat(size)), Slice.EMPTY);
        CapabilityServer impatient =
                Acme.server(Acme.streaming(Flux.just(huge))).stallTimeout(Duration.ofSeconds(2));
        try (RunningServer server = Acme.started(impatient);
                RawCaller raw = new RawCaller(server, 8 * 1024)) {
            raw.say(RawCaller.post("/read", "{}"));

            raw.hearSlowly(32, size / 32, Duration.ofMillis(150));
            Eventually.is(() -> server.stats().answered() == 1);
        }
    }
}
