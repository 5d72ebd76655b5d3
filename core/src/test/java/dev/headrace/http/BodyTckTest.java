package dev.headrace.http;

import dev.headrace.test.ReactiveStreamsTck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The operators of our own keep the rules of Reactive Streams. */
class BodyTckTest {

    @TestFactory
    Stream<DynamicTest> aResponseBody() {
        return ReactiveStreamsTck.testsOf(new Verification() {
            @Override
            Publisher<ByteBuf> over(Flux<ByteBuf> source) {
                return new ResponseBody(
                        source, Duration.ofSeconds(30), BodyOwner.none(), Schedulers.parallel(), Runnable::run);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aReplayedHead() {
        Request request = Request.get("http://h/x").options(o -> o.documentHead(2));
        return ReactiveStreamsTck.testsOf(new Verification() {
            @Override
            Publisher<ByteBuf> over(Flux<ByteBuf> source) {
                List<Response> replayed = new ArrayList<>();
                new DocumentHead()
                        .intercept(
                                request,
                                same -> Mono.just(new Response(
                                        same, 200, Headers.none(), source, () -> {}, BodyEnding.past(), null)))
                        .subscribe(replayed::add);
                return replayed.get(0).body();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aBodyThatWasLookedInto() {
        return ReactiveStreamsTck.testsOf(new Verification() {
            @Override
            Publisher<ByteBuf> over(Flux<ByteBuf> source) {
                List<Peeked> peeked = new ArrayList<>();
                new Response(Request.get("http://h/x"), 403, Headers.none(), source, () -> {}, BodyEnding.past(), null)
                        .peek(2)
                        .subscribe(peeked::add);
                return peeked.get(0).response().body();
            }
        });
    }

    /** Public, for the kit calls it by reflection. */
    public abstract static class Verification extends PublisherVerification<ByteBuf> {

        Verification() {
            super(ReactiveStreamsTck.environment());
        }

        abstract Publisher<ByteBuf> over(Flux<ByteBuf> source);

        @Override
        public Publisher<ByteBuf> createPublisher(long elements) {
            return over(Flux.<ByteBuf, Long>generate(() -> 0L, (sent, sink) -> {
                if (sent == elements) {
                    sink.complete();
                } else {
                    sink.next(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[] {1})));
                }
                return sent + 1;
            }));
        }

        @Override
        public Publisher<ByteBuf> createFailedPublisher() {
            return new ResponseBody(
                    Flux.error(new IOException("reset")),
                    Duration.ZERO,
                    BodyOwner.none(),
                    Schedulers.parallel(),
                    Runnable::run);
        }
    }
}
