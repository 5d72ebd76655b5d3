package dev.headrace.transfer;

import dev.headrace.transfer.SentPrefix.Proof;
import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;

/** Bytes to be sent, from any place on and as often as needed. All but {@link #length} and {@link #read} is called on the disk worker. */
interface UploadSource {

    /** Bytes of one block. */
    int BLOCK = 64 * 1024;

    /** What tells one state of a source from another, as far as it can be told without reading it. */
    record Identity(long length, long modifiedNanos, String key) {}

    void open();

    Identity identity();

    /** Length of the whole; -1 while it is unknown. From any thread. */
    long length();

    /** Sees to it that the source is still what it was when it was opened; errors with {@link SourceChangedException}. */
    void verify();

    /**
     * Sees to it that the first bytes are those that an earlier run has sent, now or when they are read, and that reading can go on at an
     * offset. Errors with {@link SourceChangedException}.
     */
    void prove(Proof sent, long offset);

    /**
     * The bytes from one place to another, in blocks that are read on demand by the disk worker.
     *
     * @param to the byte after the last; {@link Long#MAX_VALUE} for the end of what has no known length
     */
    Flux<ByteBuffer> read(long from, long to);

    /** What was read so far. */
    SentPrefix prefix();

    void close();
}
