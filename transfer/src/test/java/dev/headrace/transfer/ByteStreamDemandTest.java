package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Request;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What is asked for reaches the socket, and what is not does not. */
class ByteStreamDemandTest {

    private static final long ENDLESS = 1L << 40;
    private static final int CHUNK = 64 * 1024;
    private static final int SENDS = 64 * 1024;
    // What one side's transport reads ahead (32 items), and the kernel's buffers of both, of which the reader's grows
    // to 6 MiB.
    private static final long BOUND = 12 * 1024 * 1024;

    private static Outlet slowlyRead(RangeFile file) {
        return Outlet.of(
                TestServer.builder().sendBuffer(SENDS).route("/file", file).start());
    }

    @Test
    void nothingHappensBeforeDemand() { // L36
        AtomicInteger made = new AtomicInteger();
        try (Outlet outlet = Outlet.of(RangeFile.ofSize(10))) {
            Mono<Request> requests = Mono.fromSupplier(() -> {
                made.incrementAndGet();
                return Request.get("/file");
            });
            Flux<ByteBuffer> bytes =
                    ByteStream.from(outlet.connector(), requests).bytes();

            StepVerifier.create(bytes, 0)
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(50))
                    .then(() -> {
                        assertThat(made).hasValue(0);
                        assertThat(outlet.server().connectionsAccepted()).isZero();
                    })
                    .thenRequest(1)
                    .expectNextCount(1)
                    .verifyComplete();
            assertThat(made).hasValue(1);
        }
    }

    @Test
    void noRequestLeavesForTheRestBeforeItIsAskedFor() {
        RangeFile file = RangeFile.ofSize(300_000).cutting(2 * CHUNK);
        try (Outlet outlet = Outlet.of(file)) {
            StepVerifier.create(outlet.stream().bytes(), 2)
                    .expectNextCount(2)
                    .expectNoEvent(Duration.ofMillis(200))
                    .then(() -> assertThat(outlet.server().requests()).hasSize(1))
                    .thenRequest(10)
                    .expectNextCount(3)
                    .verifyComplete();
            assertThat(outlet.server().requests()).hasSize(2);
        }
    }

    @Test
    void aReaderOfOneChunkLeavesTheRestWithTheServer() { // 51
        try (Outlet outlet = slowlyRead(RangeFile.ofSize(ENDLESS))) {
            StepVerifier.create(outlet.stream().bytes(), 1)
                    .expectNextCount(1)
                    .expectNoEvent(Duration.ofMillis(300))
                    .then(() -> assertThat(outlet.server().bytesSent()).isLessThan(BOUND))
                    .thenCancel()
                    .verify();
            outlet.server().awaitNoOpenConnections(Outlet.LONG);
        }
    }

    @Test
    void aSlowReaderIsGivenItsTimeAndMemoryStaysBounded() { // 50, 51
        // The gap and the least speed would both be missed if their clocks counted the reader's time.
        try (Outlet outlet = slowlyRead(RangeFile.ofSize(ENDLESS))) {
            ByteStream stream = outlet.stream()
                    .readTimeout(Duration.ofMillis(150))
                    .minimumSpeed(MinimumSpeed.of(10_000_000, Duration.ofMillis(150)))
                    .maxRetries(0);
            AtomicLong most = new AtomicLong();
            AtomicLong read = new AtomicLong();

            StepVerifier.create(stream.bytes()
                            .doOnNext(chunk -> {
                                read.addAndGet(chunk.remaining());
                                most.accumulateAndGet(outlet.server().bytesSent() - read.get(), Math::max);
                            })
                            .delayUntil(chunk -> Mono.delay(Duration.ofMillis(400)))
                            .limitRate(1)
                            .take(5))
                    .expectNextCount(5)
                    .expectComplete()
                    .verify(Outlet.LONG);

            assertThat(most.get()).isLessThan(BOUND);
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }

    @Test
    void aReaderThatNeverStopsAskingIsServedWithoutPauses() {
        RangeFile file = RangeFile.ofSize(50_000_000);
        try (Outlet outlet = Outlet.of(file)) {
            StepVerifier.create(
                            outlet.stream().bytes().map(ByteBuffer::remaining).reduce(0L, Long::sum))
                    .expectNext(50_000_000L)
                    .expectComplete()
                    .verify(Outlet.LONG);
        }
    }

    @Test
    void hangsUpBehindAPartOfABodyThatGoesOn() { // 42
        RangeFile file = RangeFile.ofSize(ENDLESS).ignoringRange().always();
        try (Outlet outlet = slowlyRead(file)) {
            assertThat(Outlet.read(outlet.stream().range(10, 100_000))).isEqualTo(file.bytes(10, 100_000));
            outlet.server().awaitNoOpenConnections(Outlet.LONG);
            assertThat(outlet.server().bytesSent()).isLessThan(BOUND);
        }
    }

    @Test
    void aLimitIsKeptAndIsNotTakenForASlowRemote() {
        RangeFile file = RangeFile.ofSize(400_000);
        try (Outlet outlet = Outlet.of(file)) {
            long begin = System.nanoTime();
            Outlet.read(outlet.stream()
                    .rateLimit(BandwidthLimit.of(400_000))
                    .minimumSpeed(MinimumSpeed.of(4_000_000, Duration.ofMillis(300)))
                    .maxRetries(0));

            // All but the burst and the last batch.
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(400), Duration.ofSeconds(4));
        }
    }

    @Test
    void aLimitThatIsLiftedLetsTheRestThrough() {
        RangeFile file = RangeFile.ofSize(5_000_000);
        BandwidthLimit limit = BandwidthLimit.of(1_000);
        try (Outlet outlet = Outlet.of(file)) {
            StepVerifier.create(outlet.stream().rateLimit(limit).bytes())
                    .expectNextCount(1)
                    .then(limit::lift)
                    .thenConsumeWhile(chunk -> true)
                    .expectComplete()
                    .verify(Outlet.LONG);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void cancellingClosesTheConnection(int chunks) { // 61
        try (Outlet outlet = slowlyRead(RangeFile.ofSize(ENDLESS))) {
            StepVerifier.create(outlet.stream().bytes(), chunks + 1L)
                    .expectNextCount(chunks)
                    .then(() -> {
                        // Behind a chunk this is an event loop, and the request has been made.
                        if (chunks == 0) {
                            outlet.server().awaitRequests(1, Outlet.LONG);
                        }
                    })
                    .thenCancel()
                    .verify();

            outlet.server().awaitNoOpenConnections(Outlet.LONG);
            assertThat(outlet.server().requests()).hasSize(1);
        }
    }

    @Test
    void cancellingDuringTheWaitSendsNothingMore() {
        RangeFile file =
                RangeFile.ofSize(10).failing(503).header("Retry-After", "1").always();
        try (Outlet outlet = Outlet.of(file)) {
            StepVerifier.create(outlet.stream().bytes())
                    .expectSubscription()
                    .then(() -> outlet.server().awaitRequests(1, Outlet.LONG))
                    .expectNoEvent(Duration.ofMillis(100))
                    .thenCancel()
                    .verify();

            Awaitility.await()
                    .during(Duration.ofMillis(1300))
                    .atMost(Outlet.LONG)
                    .until(() -> outlet.server().requests().size() == 1);
        }
    }

    @Test
    void cancellingFromWithinAChunkEmitsNoMore() { // 61
        try (Outlet outlet = Outlet.of(RangeFile.ofSize(1_000_000))) {
            AtomicInteger chunks = new AtomicInteger();
            AtomicReference<Subscription> own = new AtomicReference<>();
            outlet.stream().chunkSize(100).bytes().subscribe(new BaseSubscriber<ByteBuffer>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    own.set(subscription);
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                protected void hookOnNext(ByteBuffer chunk) {
                    if (chunks.incrementAndGet() == 5) {
                        cancel();
                    }
                }
            });

            outlet.server().awaitRequests(1, Outlet.LONG);
            outlet.server().awaitNoOpenConnections(Outlet.LONG);
            assertThat(chunks).hasValue(5);
        }
    }
}
