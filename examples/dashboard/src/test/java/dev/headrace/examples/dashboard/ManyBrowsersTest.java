package dev.headrace.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import io.netty.channel.ChannelOption;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Many browsers look at one feed: it is read once, and those that are slow lose events and hold up nobody. 200 of them in the long form. */
class ManyBrowsersTest {

    private static final boolean SOAK = Boolean.getBoolean("headrace.soak");
    private static final long EVENTS = SOAK ? 4_000 : 240;
    private static final int CHARACTERS = 16_000;
    private static final int FAST = SOAK ? 180 : 50;
    private static final int SLOW = SOAK ? 20 : 10;
    private static final Duration PATIENCE = Duration.ofSeconds(SOAK ? 400 : 120);
    private static final long MEBIBYTE = 1024 * 1024;

    @TempDir
    Path directory;

    /** The kernel takes little for those who do not read, so that what they lose shows early. */
    @Configuration(proxyBeanMethods = false)
    static class SmallSendBuffers {

        @Bean
        WebServerFactoryCustomizer<NettyReactiveWebServerFactory> sendBuffers() {
            return factory ->
                    factory.addServerCustomizers(server -> server.childOption(ChannelOption.SO_SNDBUF, 64 * 1024));
        }
    }

    @Test
    void shareOneConnectionAndLoseForThemselvesAlone() {
        EventFeed feed = EventFeed.of(EVENTS)
                .interval(Duration.ofMillis(80))
                .data(n -> "x".repeat(CHARACTERS))
                .stayingOpen();
        try (TestServer server = feed.start();
                RunningDashboard dashboard = RunningDashboard.start(
                        directory,
                        List.of(SmallSendBuffers.class),
                        "--dashboard.feed=" + server.uri("/feed"),
                        "--dashboard.shown=" + CHARACTERS,
                        "--dashboard.waiting=80")) {
            // First, for the feed begins with the first reader: who comes late misses too little to lose any.
            List<StuckReader> slow = IntStream.range(0, SLOW)
                    .mapToObj(i -> new StuckReader(dashboard.uri("/live")))
                    .toList();
            List<PlainReader> fast = IntStream.range(0, FAST)
                    .mapToObj(i -> PlainReader.of(dashboard.uri("/live")))
                    .toList();
            LiveFeed live = dashboard.bean(LiveFeed.class);
            await("all are there").atMost(PATIENCE).until(() -> live.browsers() == FAST + SLOW);

            await("a third").atMost(PATIENCE).until(() -> live.stats().events() > EVENTS / 3);
            long early = heap();
            await("all events").atMost(PATIENCE).until(() -> live.stats().events() == EVENTS);
            long late = heap();

            assertThat(server.connectionsAccepted()).isEqualTo(1);
            await("fast ones have all")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(fast)
                            .allSatisfy(
                                    reader -> assertThat(reader.log().lastId()).isEqualTo(EVENTS)));
            assertThat(fast).allSatisfy(reader -> {
                assertThat(reader.log().isInARow()).isTrue();
                assertThat(reader.log().lost()).isZero();
            });
            if (SOAK) {
                // 40 MiB of events come between the two; in a short run too few do to tell.
                assertThat(late - early).as("growth of the heap").isLessThan(8 * MEBIBYTE);
            }

            slow.forEach(StuckReader::readOn);
            await("slow ones are told")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(slow).allSatisfy(reader -> {
                        EventLog log = reader.log();
                        assertThat(log.lastId()).isEqualTo(EVENTS);
                        assertThat(log.lost()).isPositive();
                        assertThat(log.count() + log.lost()).isEqualTo(EVENTS - log.firstId() + 1);
                    }));
            assertThat(live.stats().dropped())
                    .isEqualTo(slow.stream()
                            .mapToLong(reader -> reader.log().lost())
                            .sum());

            fast.forEach(PlainReader::dispose);
            slow.forEach(StuckReader::close);
            await("all have left").atMost(PATIENCE).until(() -> live.browsers() == 0);
            server.awaitNoOpenConnections(PATIENCE);
        }
    }

    private static long heap() {
        // What readers keep is theirs and small beside what the relay would if it kept anything.
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
