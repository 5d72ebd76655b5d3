package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.util.RaceTestUtils;

/** Signals that come from two threads at the same time. */
class PullFluxRaceTest {

    private static final int ROUNDS = 200;

    private final TestPublisher<ByteBuffer> chunks =
            TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
    private final AtomicReference<@Nullable ByteWindow> window = new AtomicReference<>();
    private final List<Character> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> ends = Collections.synchronizedList(new ArrayList<>());

    @RepeatedTest(ROUNDS)
    void losesNothingWhenAChunkComesWhileItemsAreRequested() {
        BaseSubscriber<Character> reader = read();
        reader.request(1);
        chunks.next(Utf8.buffer("ab"));

        RaceTestUtils.race(() -> chunks.next(Utf8.buffer("cd")), () -> reader.request(2));
        RaceTestUtils.race(chunks::complete, () -> reader.request(2));

        assertThat(received).containsExactly('a', 'b', 'c', 'd');
        assertThat(ends).containsExactly("complete");
        assertReleased();
    }

    @RepeatedTest(ROUNDS)
    void deliversAllItemsBeforeAnErrorThatComesWhileItemsAreRequested() {
        BaseSubscriber<Character> reader = read();
        reader.request(1);
        chunks.next(Utf8.buffer("abc"));

        RaceTestUtils.race(
                () -> chunks.error(new IllegalStateException("broken")),
                () -> reader.request(1),
                () -> reader.request(1));
        reader.request(1);

        assertThat(received).containsExactly('a', 'b', 'c');
        assertThat(ends).containsExactly("broken");
        assertReleased();
    }

    @RepeatedTest(ROUNDS)
    void releasesItsBytesWhenCancelledWhileAChunkComes() {
        BaseSubscriber<Character> reader = read();
        reader.request(2);
        chunks.next(Utf8.buffer("a"));

        RaceTestUtils.race(() -> chunks.next(Utf8.buffer("bcd")), reader::cancel);

        assertThat(received.size()).isBetween(1, 2);
        assertThat(ends).containsExactly("cancel");
        assertReleased();
    }

    @RepeatedTest(ROUNDS)
    void becomesUnboundedWhileAChunkComes() {
        BaseSubscriber<Character> reader = read();
        reader.request(1);

        RaceTestUtils.race(() -> chunks.next(Utf8.buffer("abc")), reader::requestUnbounded);
        chunks.next(Utf8.buffer("d")).complete();

        assertThat(received).containsExactly('a', 'b', 'c', 'd');
        assertThat(ends).containsExactly("complete");
    }

    private BaseSubscriber<Character> read() {
        BaseSubscriber<Character> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Character item) {
                received.add(item);
            }

            @Override
            protected void hookOnComplete() {
                ends.add("complete");
            }

            @Override
            protected void hookOnError(Throwable error) {
                ends.add(String.valueOf(error.getMessage()));
            }

            @Override
            protected void hookOnCancel() {
                ends.add("cancel");
            }
        };
        Flux<Character> items = Decoder.parse(chunks, () -> new Characters() {
            @Override
            public @Nullable Character next(ByteWindow bytes) {
                window.set(bytes);
                return super.next(bytes);
            }
        });
        items.subscribe(reader);
        return reader;
    }

    private void assertReleased() {
        ByteWindow held = window.get();
        assertThat(held).isNotNull();
        assertThat(held.array()).isEmpty();
    }
}
