package dev.headrace.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A blocking socket with just enough HTTP for one call after the other: the limit for whoever runs on the JDK. */
final class SocketCalls {

    private static final String LENGTH = "content-length:";

    private SocketCalls() {}

    static Contestant.Preparation blocking() {
        return (url, knobs) -> {
            URI server = URI.create(url);
            Socket socket = new Socket(server.getHost(), server.getPort());
            socket.setTcpNoDelay(true);
            byte[] request = ("GET " + Requests.PATH + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] buffer = new byte[1024];
            return () -> {
                Tally.Counter counter = new Tally.Counter();
                for (int i = 0; i < knobs.items(); i++) {
                    socket.getOutputStream().write(request);
                    counter.add(answer(socket.getInputStream(), buffer));
                }
                return counter.result();
            };
        };
    }

    /** The length of a body that has been read to its end. */
    private static int answer(InputStream bytes, byte[] buffer) throws IOException {
        int length = 0;
        int body = -1;
        while (body < 0) {
            length += read(bytes, buffer, length);
            body = body(buffer, length);
        }
        int end = body + contentLength(buffer, body);
        while (length < end) {
            length += read(bytes, buffer, length);
        }
        return length - body;
    }

    private static int read(InputStream bytes, byte[] buffer, int from) throws IOException {
        int read = bytes.read(buffer, from, buffer.length - from);
        if (read <= 0) {
            throw new EOFException("No end of the answer after " + from + " bytes");
        }
        return read;
    }

    /** Where the body begins; -1 if that has not come. */
    private static int body(byte[] buffer, int length) {
        for (int i = 3; i < length; i++) {
            if (buffer[i] == '\n' && buffer[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int contentLength(byte[] buffer, int head) throws IOException {
        String text = new String(buffer, 0, head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int from = text.indexOf(LENGTH);
        if (from < 0) {
            throw new IOException("No length in " + text);
        }
        return Integer.parseInt(
                text.substring(from + LENGTH.length(), text.indexOf('\r', from)).trim());
    }
}
