package dev.headrace.sse;

import java.time.Duration;

/** Where a stream goes on, and not before when: what one connection leaves to the next. Belongs to one subscription. */
final class ResumePoint {

    private String lastEventId;
    private Duration retry = Duration.ZERO;

    ResumePoint(String lastEventId) {
        this.lastEventId = lastEventId;
    }

    /** The id of the last complete block, whether it had data or not; empty for none. */
    String lastEventId() {
        return lastEventId;
    }

    /** The reconnection time that the server has set; zero until it does. */
    Duration retry() {
        return retry;
    }

    void commit(String id) {
        lastEventId = id;
    }

    void retry(Duration time) {
        retry = time;
    }
}
