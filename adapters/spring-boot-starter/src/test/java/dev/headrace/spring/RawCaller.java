package dev.headrace.spring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** A browser that reads when it likes, on a socket of its own. Blocks, for 20 seconds at most. */
final class RawCaller implements AutoCloseable {

    private static final int MOST_MILLIS = 20_000;

    private final Socket socket;

    RawCaller(int port) {
        this(port, 0);
    }

    /** With a receive buffer of its own, so that what nobody reads soon stays where it is. */
    RawCaller(int port, int receiveBuffer) {
        try {
            socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setSoTimeout(MOST_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MOST_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawCaller get(String path, String... headers) {
        StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: h\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return say(head.append("\r\n").toString());
    }

    RawCaller say(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What comes until it is enough, or the server closes the connection. */
    String hear(Predicate<String> enough) {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try {
            while (!enough.test(heard.toString(StandardCharsets.UTF_8))) {
                int next = in().read();
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

    InputStream in() throws IOException {
        return socket.getInputStream();
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
