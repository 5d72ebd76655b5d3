package dev.headrace.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A blocking socket, one direct buffer and a file channel, with just enough HTTP: the limit for whoever carries bytes through Java. */
final class SocketDownload {

    // Twice as much is not faster, and half as much is slower.
    private static final int BUFFER = 128 * 1024;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *(\\d+)\r\n");

    private SocketDownload() {}

    static Fetch prepare(URI source, @Nullable Path certificate) {
        if (certificate != null) {
            throw new IllegalArgumentException("The blocking socket speaks without TLS");
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        return (file, written) -> {
            try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(source.getHost(), source.getPort()));
                    FileChannel target =
                            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ask(socket, source);
                copy(socket, target, buffer);
                written.run();
            }
        };
    }

    private static void ask(SocketChannel socket, URI source) throws IOException {
        String request = "GET " + source.getRawPath() + " HTTP/1.1\r\nHost: " + source.getAuthority()
                + "\r\nConnection: close\r\n\r\n";
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    private static void copy(SocketChannel socket, FileChannel target, ByteBuffer buffer) throws IOException {
        buffer.clear();
        long left = skipHead(socket, buffer);
        while (true) {
            left -= buffer.remaining();
            while (buffer.hasRemaining()) {
                target.write(buffer);
            }
            if (left <= 0) {
                return;
            }
            buffer.clear();
            receive(socket, buffer);
            buffer.flip();
        }
    }

    /** Leaves the first bytes of the body in the buffer, to be read, and says how many there are in all. */
    private static long skipHead(SocketChannel socket, ByteBuffer buffer) throws IOException {
        while (true) {
            receive(socket, buffer);
            String received = StandardCharsets.ISO_8859_1
                    .decode(buffer.duplicate().flip())
                    .toString();
            int end = received.indexOf("\r\n\r\n");
            if (end >= 0) {
                Matcher length = LENGTH.matcher(received.substring(0, end + 2));
                if (!received.startsWith("HTTP/1.1 200 ") || !length.find()) {
                    throw new IOException("Not 200 with a length: " + received.substring(0, end));
                }
                buffer.flip().position(end + 4);
                return Long.parseLong(length.group(1));
            }
        }
    }

    private static void receive(SocketChannel socket, ByteBuffer buffer) throws IOException {
        if (socket.read(buffer) < 0) {
            throw new EOFException("The server closed the connection too early");
        }
    }
}
