package dev.headrace.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** A bare socket with just enough HTTP, read by blocking Jackson or only counted: the limit for whoever decodes with Jackson, or at all. */
final class SocketReads {

    private static final int BUFFER = 64 * 1024;

    private SocketReads() {}

    static Contestant.Preparation document() {
        return reading("/document", JacksonItems::document);
    }

    static Contestant.Preparation lines() {
        return reading("/lines", JacksonItems::lines);
    }

    /** Counts line feeds, so many for each item. */
    static Contestant.Preparation count(String path, int lines) {
        byte[] buffer = new byte[BUFFER];
        return reading(path, bytes -> Tally.counted(lineFeeds(bytes, buffer) / lines));
    }

    private static long lineFeeds(InputStream bytes, byte[] buffer) {
        try {
            long lineFeeds = 0;
            int read;
            while ((read = bytes.read(buffer)) >= 0) {
                lineFeeds += LineFeeds.in(buffer, read);
            }
            return lineFeeds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Contestant.Preparation reading(String path, Function<InputStream, Tally> reader) {
        return (url, knobs) -> () -> {
            URI server = URI.create(url);
            try (Socket socket = new Socket(server.getHost(), server.getPort())) {
                // HTTP/1.0, so that nothing comes in chunks and the end is the end of the connection.
                String request =
                        "GET " + path + " HTTP/1.0\r\nHost: " + server.getAuthority() + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                // Jackson's own buffer has 8,000 bytes, which would be a system call for each of them.
                InputStream bytes = new BufferedInputStream(socket.getInputStream(), BUFFER);
                skipHead(bytes);
                return reader.apply(bytes);
            }
        };
    }

    private static void skipHead(InputStream bytes) throws IOException {
        int ends = 0;
        while (ends < 2) {
            int b = bytes.read();
            if (b < 0) {
                throw new IOException("No response");
            }
            if (b == '\n') {
                ends++;
            } else if (b != '\r') {
                ends = 0;
            }
        }
    }
}
