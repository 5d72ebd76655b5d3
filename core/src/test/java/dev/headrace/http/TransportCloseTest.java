package dev.headrace.http;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;

/** Closing the transport while a connection is only being made. */
class TransportCloseTest {

    private static final Duration SOON = ofSeconds(30);

    private final HeldNames names = new HeldNames();
    private final Transport transport =
            Transport.over(TransportSettings.defaults().customize(client -> client.resolver(names)));

    @ParameterizedTest
    @EnumSource(ExchangeOptions.Profile.class)
    void endsACallThatWaitsForItsConnection(ExchangeOptions.Profile profile) throws Exception {
        try (RawServer server = RawServer.replies(Reply.ok("x")).start()) {
            BlockingQueue<Throwable> failures = new LinkedTransferQueue<>();
            transport.exchange(get(server, profile), Response::bytes).subscribe(chunk -> {}, failures::add);
            Promise<InetAddress> name = names.take();

            transport.close();
            names.answer(name);

            assertThat(failures.poll(5, TimeUnit.SECONDS)).isInstanceOf(TransportException.class);
            server.awaitNoOpenConnections(SOON);
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(ExchangeOptions.Profile.class)
    void leavesNoConnectionForACallThatWasCancelledBefore(ExchangeOptions.Profile profile) throws Exception {
        try (RawServer server = RawServer.replies(Reply.ok("x")).start()) {
            Disposable call =
                    transport.exchange(get(server, profile), Response::bytes).subscribe();
            Promise<InetAddress> name = names.take();

            call.dispose();
            transport.close();
            names.answer(name);

            server.awaitNoOpenConnections(SOON);
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(ExchangeOptions.Profile.class)
    void letsACallThatWaitsForItsConnectionEndWhenClosedGracefully(ExchangeOptions.Profile profile) throws Exception {
        try (RawServer server = RawServer.replies(Reply.ok("x")).start()) {
            BlockingQueue<Integer> statuses = new LinkedTransferQueue<>();
            transport
                    .exchange(
                            get(server, profile), response -> response.discard().thenReturn(response.status()))
                    .subscribe(statuses::add);
            Promise<InetAddress> name = names.take();
            BlockingQueue<String> ends = new LinkedTransferQueue<>();
            transport.closeGracefully(SOON).subscribe(unused -> {}, error -> {}, () -> ends.add("closed"));

            names.answer(name);

            assertThat(statuses.poll(5, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo("closed");
            server.awaitNoOpenConnections(SOON);
        }
    }

    private static Request get(RawServer server, ExchangeOptions.Profile profile) {
        return Request.get("http://localhost:" + server.port() + "/").options(options -> options.profile(profile));
    }

    /** Answers no name before it is told to. */
    private static final class HeldNames extends AddressResolverGroup<InetSocketAddress> {

        private final BlockingQueue<Promise<InetAddress>> asked = new LinkedTransferQueue<>();

        Promise<InetAddress> take() throws InterruptedException {
            Promise<InetAddress> promise = asked.poll(5, TimeUnit.SECONDS);
            assertThat(promise).isNotNull();
            return promise;
        }

        void answer(Promise<InetAddress> name) {
            name.trySuccess(InetAddress.getLoopbackAddress());
        }

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) {
                    asked.add(promise);
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
                    Promise<InetAddress> one = executor().newPromise();
                    var unused = one.addListener(end -> promise.trySuccess(List.of(one.getNow())));
                    asked.add(one);
                }
            }.asAddressResolver();
        }
    }
}
