package dev.headrace.transfer;

import dev.headrace.error.HeadraceException;
import dev.headrace.transfer.TransferProgress.Phase;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is told about an upload while it runs: written by its steps, which follow one another, and by the connection that takes its bytes. */
final class UploadMeter {

    private final ProgressReporter reporter;
    private final UploadSource source;
    /** Bytes handed to the connection, or, since the server last said so, bytes that it has. */
    private volatile long position;
    /** Bytes handed to the connection by this run. */
    private volatile long sent;

    private volatile long resumedFrom;
    private volatile int restarts;
    private volatile int requests;
    private volatile @Nullable String trouble;

    UploadMeter(UploadSource source, Consumer<? super TransferProgress> listener) {
        this.source = source;
        this.reporter = new ProgressReporter(listener, this::position, this::at);
    }

    private TransferProgress at(Phase phase, long bytesPerSecond) {
        return new TransferProgress(
                phase, position, source.length(), bytesPerSecond, resumedFrom, restarts, requests, trouble);
    }

    void phase(Phase phase) {
        reporter.phase(phase);
    }

    /** One request more goes out. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // steps follow one another
    void request() {
        requests++;
    }

    /** Bytes were handed to the connection; called by one thread at a time. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void moved(int bytes) {
        position += bytes;
        sent += bytes;
        reporter.moved();
    }

    long position() {
        return position;
    }

    /** The server has so many bytes. */
    void acknowledged(long bytes) {
        position = bytes;
    }

    void resumed(long bytes) {
        resumedFrom = bytes;
    }

    /** What the server had is gone; the first byte is sent again. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    int restart() {
        position = 0;
        resumedFrom = 0;
        return ++restarts;
    }

    void trouble(String what) {
        trouble = what;
    }

    /** Failures of others are named only: nobody knows what they say. */
    void trouble(Throwable reason, String consequence) {
        trouble((reason instanceof HeadraceException
                        ? String.valueOf(reason.getMessage())
                        : reason.getClass().getSimpleName())
                + consequence);
    }

    long sent() {
        return sent;
    }

    long resumedFrom() {
        return resumedFrom;
    }

    int restarts() {
        return restarts;
    }

    int requests() {
        return requests;
    }

    /** Everything is closed: tells the end, if it was a good one. */
    void end(@Nullable Uploaded result) {
        reporter.end();
        if (result != null) {
            reporter.last(new TransferProgress(
                    Phase.DONE,
                    result.totalBytes(),
                    result.totalBytes(),
                    0,
                    result.resumedFrom(),
                    result.restarts(),
                    result.requests(),
                    trouble));
        }
    }
}
