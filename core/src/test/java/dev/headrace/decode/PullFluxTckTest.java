package dev.headrace.decode;

import dev.headrace.test.ReactiveStreamsTck;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class PullFluxTckTest {

    private static final int ITEMS_PER_CHUNK = 3;

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishersOverASynchronousSource() {
        return ReactiveStreamsTck.testsOf(new Items(false));
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishersOverAnAsynchronousSource() {
        return ReactiveStreamsTck.testsOf(new Items(true));
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfSubscribers() {
        return ReactiveStreamsTck.testsOf(new Chunks());
    }

    private static final class Items extends PublisherVerification<Character> {

        private final boolean asynchronous;

        Items(boolean asynchronous) {
            super(ReactiveStreamsTck.environment());
            this.asynchronous = asynchronous;
        }

        @Override
        public Publisher<Character> createPublisher(long elements) {
            long chunks = elements / ITEMS_PER_CHUNK;
            int rest = (int) (elements % ITEMS_PER_CHUNK);
            Flux<ByteBuffer> bytes = Flux.concat(
                    Flux.<ByteBuffer, Long>generate(() -> 0L, (count, sink) -> {
                        if (count == chunks) {
                            sink.complete();
                        } else {
                            sink.next(ByteBuffer.allocate(ITEMS_PER_CHUNK));
                        }
                        return count + 1;
                    }),
                    Flux.just(ByteBuffer.allocate(rest)));
            return Decoder.parse(asynchronous ? bytes.publishOn(Schedulers.parallel(), 1) : bytes, Characters::new);
        }

        @Override
        public Publisher<Character> createFailedPublisher() {
            return Decoder.parse(Flux.error(new IllegalStateException("failed")), Characters::new);
        }

        @Override
        public long maxElementsFromPublisher() {
            return Long.MAX_VALUE - 1;
        }
    }

    private static final class Chunks extends SubscriberWhiteboxVerification<ByteBuffer> {

        Chunks() {
            super(ReactiveStreamsTck.environment());
        }

        @Override
        public Subscriber<ByteBuffer> createSubscriber(WhiteboxSubscriberProbe<ByteBuffer> probe) {
            CoreSubscriber<Character> reader = new CoreSubscriber<>() {
                @Override
                public void onSubscribe(Subscription subscription) {
                    probe.registerOnSubscribe(new SubscriberPuppet() {
                        @Override
                        public void triggerRequest(long elements) {
                            subscription.request(elements);
                        }

                        @Override
                        public void signalCancel() {
                            subscription.cancel();
                        }
                    });
                }

                @Override
                public void onNext(Character item) {
                    probe.registerOnNext(ByteBuffer.wrap(new byte[] {(byte) item.charValue()}));
                }

                @Override
                public void onError(Throwable error) {
                    probe.registerOnError(error);
                }

                @Override
                public void onComplete() {
                    probe.registerOnComplete();
                }
            };
            return new PullFlux.PullSubscriber<>(reader, ByteWindow::append, new Characters(), OptionalInt.empty());
        }

        /** Not for an operator whose parser may make an item of the end: it asks under demand, as {@code Flux.generate} does. */
        @Override
        public void required_spec209_mustBePreparedToReceiveAnOnCompleteSignalWithoutPrecedingRequestCall() {}

        @Override
        public ByteBuffer createElement(int element) {
            return ByteBuffer.wrap(new byte[] {(byte) element});
        }
    }
}
