package dev.headrace.http;

import dev.headrace.test.RawServer;
import dev.headrace.test.ReactiveStreamsTck;
import dev.headrace.test.Reply;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;

/** What sends a request, and what waits for a head, keep the rules of Reactive Streams: one element each. */
class NettyExchangeTckTest {

    private static final RawServer SERVER = RawServer.script(request -> Reply.bytes("HTTP/1.1 204 No Content\r\n\r\n"))
            .start();
    // Nobody reads what comes, so no connection is used again.
    private static final Transport TRANSPORT = Transport.over(
            TransportSettings.defaults().pool(PoolSettings.defaults().maxConnections(1_000)));

    @AfterAll
    static void close() {
        TRANSPORT.close();
        SERVER.close();
    }

    @TestFactory
    Stream<DynamicTest> aRequestThatIsSent() {
        return ReactiveStreamsTck.testsOf(new Verification() {
            @Override
            public Publisher<Response> createPublisher(long elements) {
                return TRANSPORT.exchange(Request.get(SERVER.url() + "/"));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aHeadThatIsWaitedFor() {
        Request request = Request.get("http://h/x").options(o -> o.documentHead(2));
        return ReactiveStreamsTck.testsOf(new Verification() {
            @Override
            public Publisher<Response> createPublisher(long elements) {
                return HeadReader.read(
                        new Response(request, 200, Headers.none(), Flux.empty(), () -> {}, BodyEnding.past(), null), 2);
            }
        });
    }

    /** Public, for the kit calls it by reflection. */
    public abstract static class Verification extends PublisherVerification<Response> {

        Verification() {
            super(ReactiveStreamsTck.environment());
        }

        @Override
        public long maxElementsFromPublisher() {
            return 1;
        }

        /** None: a failure comes when something is asked for. */
        @Override
        @SuppressWarnings("NullAway")
        public Publisher<Response> createFailedPublisher() {
            return null;
        }
    }
}
