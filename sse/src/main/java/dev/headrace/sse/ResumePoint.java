package dev.headrace.sse;

import java.time.Duration;

/**
 * Where a stream goes on, and not before when: what one connection leaves to the next. Belongs to one subscription.
 *
 * <p>An id takes three steps. It is read with its line; it is in force from the blank line on, with or without data (WHATWG HTML §9.2.6);
 * and it has been passed once what was found up to there has been emitted. A connection that ends leaves the one that was passed last.
 */
final class ResumePoint {

    private final IdBuffer read;
    private final IdBuffer waiting = new IdBuffer();
    private final IdBuffer passed = new IdBuffer();

    /** What was read last is in force. */
    private boolean inForce = true;
    /** What was read last has been passed as well; otherwise {@link #passed} holds the one that was. */
    private boolean readIsPassed = true;
    /** {@link #waiting} holds one that is in force and has not been passed, though another has been read. */
    private boolean anyWaiting;

    private int changes;
    private Duration retry = Duration.ZERO;

    ResumePoint(String lastEventId) {
        read = new IdBuffer(lastEventId);
    }

    /** Another connection begins; what was read by the last one and not passed is as if it had never come. */
    void begin() {
        if (!readIsPassed) {
            read.set(passed);
        }
        inForce = true;
        readIsPassed = true;
        anyWaiting = false;
    }

    void read(byte[] array, int from, int to) {
        if (read.holds(array, from, to)) {
            return;
        }
        if (readIsPassed) {
            passed.set(read);
        } else if (inForce) {
            waiting.set(read);
            anyWaiting = true;
        }
        readIsPassed = false;
        inForce = false;
        changes++;
        read.set(array, from, to);
    }

    /** A blank line has come. */
    void enforce() {
        inForce = true;
        anyWaiting = false;
    }

    /** What was found up to the last blank line has been emitted. */
    void pass() {
        if (inForce) {
            readIsPassed = true;
        } else if (anyWaiting) {
            passed.set(waiting);
        }
        anyWaiting = false;
    }

    /** An event has been emitted, and there are others that have been found behind it; its id was this. */
    void pass(byte[] array, int from, int to) {
        if (!readIsPassed || !read.holds(array, from, to)) {
            passed.set(array, from, to);
            readIsPassed = false;
        }
    }

    /** The id of what was found last. */
    String found() {
        return read.text();
    }

    /** How often another id was read. */
    int changes() {
        return changes;
    }

    int foundLength() {
        return read.length();
    }

    void copyFound(byte[] target, int at) {
        read.copyTo(target, at);
    }

    /** The id of the last complete block of which everything has been emitted; empty for none. */
    String lastEventId() {
        return readIsPassed ? read.text() : passed.text();
    }

    /** The reconnection time that the server has set; zero until it does. */
    Duration retry() {
        return retry;
    }

    void retry(Duration time) {
        retry = time;
    }
}
