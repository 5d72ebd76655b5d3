package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Blocking Jackson on a bare socket, with just enough HTTP: the limit for whoever decodes with Jackson. */
final class SocketReads {

    private SocketReads() {}

    static Contestant.Preparation document() {
        return reading("/document", JacksonItems::document);
    }

    static Contestant.Preparation lines() {
        return reading("/lines", JacksonItems::lines);
    }

    private static Contestant.Preparation reading(String path, Function<InputStream, Tally> reader) {
        return (url, knobs) -> () -> {
            URI server = URI.create(url);
            try (Socket socket = new Socket(server.getHost(), server.getPort())) {
                String request =
                        "GET " + path + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                InputStream bytes = socket.getInputStream();
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
