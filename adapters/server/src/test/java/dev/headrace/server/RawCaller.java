package dev.headrace.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** A caller that says whatever it likes, on a socket of its own. Blocks, for 20 seconds at most. */
final class RawCaller implements AutoCloseable {

    private static final int MOST_MILLIS = 20_000;

    private final Socket socket;

    RawCaller(RunningServer server) {
        this(server, 0);
    }

    /** With a receive buffer of its own, so that what nobody reads soon stays where it is. */
    RawCaller(RunningServer server, int receiveBuffer) {
        try {
            socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setSoTimeout(MOST_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), MOST_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String head(String method, String path, String... headers) {
        StringBuilder head = new StringBuilder(
                method + " " + path + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + Acme.TOKEN + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    static String post(String path, String json) {
        return head(
                        "POST",
                        path,
                        "Content-Type: application/json",
                        "Content-Length: " + json.getBytes(StandardCharsets.UTF_8).length)
                + json;
    }

    RawCaller say(String text) {
        return say(text.getBytes(StandardCharsets.UTF_8));
    }

    RawCaller say(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says it if the server still listens. */
    void trySay(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // It does not.
        }
    }

    /** All that comes until the server closes the connection. */
    String hear() {
        return hear(heard -> false);
    }

    /** What comes until it is enough, or the server closes the connection. */
    String hear(Predicate<String> enough) {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            while (!enough.test(heard.toString(StandardCharsets.UTF_8))) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                heard.write(next);
            }
        } catch (IOException e) {
            throw new AssertionError("Heard only: " + heard.toString(StandardCharsets.UTF_8), e);
        }
        return heard.toString(StandardCharsets.UTF_8);
    }

    /** Reads so many bytes, in as many steps, and waits before each. */
    void hearSlowly(int steps, int bytes, Duration pause) {
        for (int step = 0; step < steps; step++) {
            Mono.delay(pause).block();
            hear(bytes);
        }
    }

    /** Reads so many bytes. */
    String hear(int bytes) {
        try {
            String heard = new String(in().readNBytes(bytes), StandardCharsets.UTF_8);
            if (heard.length() < bytes) {
                throw new AssertionError("Only " + heard.length() + " of " + bytes + " bytes have come");
            }
            return heard;
        } catch (IOException e) {
            throw new AssertionError("Cut off", e);
        }
    }

    InputStream in() {
        try {
            return socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
