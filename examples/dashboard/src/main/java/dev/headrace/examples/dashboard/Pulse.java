package dev.headrace.examples.dashboard;

import dev.headrace.sse.EventStats;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/** Looks at everything twice a second while there are browsers, and remembers the last two minutes of it. */
@Component
class Pulse {

    private static final Duration BEAT = Duration.ofMillis(500);
    private static final int REMEMBERED = 240;
    private static final int BEATS_OF_RATE = 4;

    private final boolean demo;
    private final LiveFeed feed;
    private final Downloads downloads;
    private final Flux<Status> beats;
    private final Deque<Point> past = new ArrayDeque<>();

    /**
     * A point of the chart.
     *
     * @param time in milliseconds since 1970
     * @param rate events a second
     * @param events so far
     * @param reconnects so far
     */
    record Point(long time, double rate, long events, long reconnects) {}

    Pulse(LiveFeed feed, Downloads downloads, ObjectProvider<DemoSite> demo) {
        this.demo = demo.getIfAvailable() != null;
        this.feed = feed;
        this.downloads = downloads;
        beats = Flux.interval(Duration.ZERO, BEAT)
                .onBackpressureDrop()
                .map(beat -> look())
                .publish(1)
                .refCount(1);
    }

    /** For one browser: each status as it comes, the newest if the browser is slow. */
    Flux<Status> statuses() {
        return beats.onBackpressureLatest();
    }

    /** The chart so far. */
    List<Point> past() {
        synchronized (past) {
            return List.copyOf(past);
        }
    }

    private Status look() {
        long now = System.currentTimeMillis();
        EventStats stats = feed.stats();
        long reconnects =
                stats.reconnects().values().stream().mapToLong(Long::longValue).sum();
        double rate;
        synchronized (past) {
            rate = rate(now, stats.events());
            if (past.size() == REMEMBERED) {
                past.removeFirst();
            }
            past.addLast(new Point(now, rate, stats.events(), reconnects));
        }
        return new Status(
                now,
                feed.state(),
                demo,
                rate,
                stats.events(),
                reconnects,
                stats.dropped(),
                feed.browsers(),
                downloads.views());
    }

    private double rate(long now, long events) {
        Point before = past.stream()
                .skip(Math.max(0, past.size() - BEATS_OF_RATE))
                .findFirst()
                .orElse(null);
        if (before == null || now <= before.time()) {
            return 0;
        }
        return (events - before.events()) * 1000.0 / (now - before.time());
    }
}
