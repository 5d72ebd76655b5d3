package dev.headrace.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/** A pipe whose reader takes some bytes and then either leaves or only stands still until it is told to leave. */
final class SlowPipe extends OutputStream {

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final Semaphore released = new Semaphore(0);
    private final int capacity;
    private final boolean standsStill;

    private SlowPipe(int capacity, boolean standsStill) {
        this.capacity = capacity;
        this.standsStill = standsStill;
    }

    static SlowPipe closedAfter(int bytes) {
        return new SlowPipe(bytes, false);
    }

    static SlowPipe stuckAfter(int bytes) {
        return new SlowPipe(bytes, true);
    }

    void leave() {
        released.release(1_000_000);
    }

    synchronized String taken() {
        return taken.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        synchronized (this) {
            if (taken.size() < capacity) {
                taken.write(bytes, from, count);
                return;
            }
        }
        if (standsStill) {
            released.acquireUninterruptibly();
        }
        throw new IOException("Broken pipe");
    }
}
