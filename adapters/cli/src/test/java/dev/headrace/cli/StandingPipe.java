package dev.headrace.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A pipe whose reader stands still until it is told to go on. */
final class StandingPipe extends OutputStream {

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Waits until somebody writes. */
    void awaitWriter() {
        await(reached);
    }

    void open() {
        opened.countDown();
    }

    synchronized String taken() {
        return taken.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        reached.countDown();
        await(opened);
        synchronized (this) {
            taken.write(bytes, from, count);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
