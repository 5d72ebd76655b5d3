package dev.headrace.http;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.TransportConfig;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Which of many pools are given up, and when. */
class PoolRegistryTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final PoolRegistry registry = new PoolRegistry();
    private int made;

    @BeforeEach
    void watchAProvider() {
        registry.watch(new Provider());
    }

    @AfterEach
    void realTime() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void keepsEmptyPoolsWhereThereAreFew() {
        make(PoolRegistry.KEPT, 0);

        time.advanceTimeBy(ofSeconds(10));

        assertThat(registry.states()).hasSize(PoolRegistry.KEPT);
    }

    @Test
    void givesUpEmptyPoolsOnlyOnceTheyHaveHadTimeToBeUsed() {
        make(PoolRegistry.KEPT + 1, 0);
        time.advanceTimeBy(ofMillis(999));
        assertThat(registry.states()).hasSize(PoolRegistry.KEPT + 1);

        time.advanceTimeBy(ofMillis(1));

        assertThat(registry.states()).isEmpty();
    }

    @Test
    void comesBackForThoseThatWereYoung() {
        make(PoolRegistry.KEPT + 1, 0);
        time.advanceTimeBy(ofMillis(500));
        make(PoolRegistry.KEPT + 1, 0);
        time.advanceTimeBy(ofMillis(500));
        assertThat(registry.states()).hasSize(PoolRegistry.KEPT + 1);

        time.advanceTimeBy(ofSeconds(1));

        assertThat(registry.states()).isEmpty();
    }

    @Test
    void keepsThoseWithConnections() {
        make(PoolRegistry.KEPT + 1, 1);
        make(1, 0);

        time.advanceTimeBy(ofSeconds(10));

        assertThat(registry.states()).hasSize(PoolRegistry.KEPT + 1);
    }

    private void make(int pools, int connections) {
        for (int i = 0; i < pools; i++) {
            registry.registerMetrics("pool", "id", address(++made), new Metrics(connections));
        }
    }

    private static SocketAddress address(int port) {
        return InetSocketAddress.createUnresolved("host", port);
    }

    private final class Provider implements ConnectionProvider {

        @Override
        public Mono<? extends Connection> acquire(
                TransportConfig config,
                ConnectionObserver observer,
                @Nullable Supplier<? extends SocketAddress> remote,
                @Nullable AddressResolverGroup<?> resolver) {
            return Mono.never();
        }

        @Override
        public void disposeWhen(SocketAddress address) {
            registry.deRegisterMetrics("pool", "id", address);
        }
    }

    private record Metrics(int acquiredSize) implements ConnectionPoolMetrics {

        @Override
        public int allocatedSize() {
            return acquiredSize;
        }

        @Override
        public int idleSize() {
            return 0;
        }

        @Override
        public int pendingAcquireSize() {
            return 0;
        }

        @Override
        public int maxAllocatedSize() {
            return 50;
        }

        @Override
        public int maxPendingAcquireSize() {
            return 50;
        }
    }
}
