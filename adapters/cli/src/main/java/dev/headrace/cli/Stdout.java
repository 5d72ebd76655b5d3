package dev.headrace.cli;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Standard output, buffered. What cannot be written is a {@link ClosedPipeException} if nobody reads any more, and otherwise a
 * {@link HeadraceException} of kind {@link FailureKind#LOCAL}.
 */
final class Stdout extends OutputStream {

    private static final int BUFFER_SIZE = 64 * 1024;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private int length;

    Stdout(OutputStream out) {
        this.out = out;
    }

    void write(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), space());
            bytes.get(buffer, length, count);
            length += count;
        }
    }

    void writeLine(byte[] line) {
        write(ByteBuffer.wrap(line));
        write('\n');
    }

    @Override
    public void write(int octet) {
        int ignored = space();
        buffer[length++] = (byte) octet;
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        write(ByteBuffer.wrap(bytes, from, count));
    }

    @Override
    public void flush() {
        int count = length;
        // Forgotten whether it can be written or not: a failure is told once.
        length = 0;
        try {
            out.write(buffer, 0, count);
            out.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private int space() {
        if (length == BUFFER_SIZE) {
            flush();
        }
        return BUFFER_SIZE - length;
    }

    private static RuntimeException failure(IOException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.toLowerCase(Locale.ROOT).contains("pipe")
                ? new ClosedPipeException(e)
                : new HeadraceException(
                        FailureKind.LOCAL,
                        "Cannot write to standard output: " + reason + "; put that right and run it again",
                        e);
    }
}
