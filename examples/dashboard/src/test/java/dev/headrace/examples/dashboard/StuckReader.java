package dev.headrace.examples.dashboard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A reader that asks for events and takes none of them, with little room on its side, until it is told to. */
final class StuckReader implements AutoCloseable {

    private static final int SMALL = 4 * 1024;

    private final Socket socket = new Socket();
    private final EventLog log = new EventLog();

    StuckReader(URI events) {
        try {
            socket.setReceiveBufferSize(SMALL);
            socket.connect(new InetSocketAddress(events.getHost(), events.getPort()));
            socket.getOutputStream()
                    .write(("GET " + events.getPath() + " HTTP/1.1\r\nHost: " + events.getAuthority()
                                    + "\r\nAccept: text/event-stream\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On a thread of its own, to the end of the connection. */
    void readOn() {
        Thread thread = new Thread(this::read, "reader");
        thread.setDaemon(true);
        thread.start();
    }

    /** Lines of the chunked coding lie between the events and are like nothing in them. */
    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line + "\n");
            }
        } catch (IOException e) {
            // The test has closed it.
        }
    }

    EventLog log() {
        return log;
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
