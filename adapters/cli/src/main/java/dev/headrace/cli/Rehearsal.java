package dev.headrace.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls each command that asks a remote once, within one process, so that Java can archive the classes that they need
 * ({@code -XX:ArchiveClassesAtExit}), and later processes have them without reading and verifying them again. The build runs it on the
 * finished jar; the remote is within the process too, on the loopback address.
 */
final class Rehearsal {

    private static final String EVENTS = "/events";

    private Rehearsal() {}

    /**
     * Calls them all. What they say is of no interest to anybody.
     *
     * @param args none
     * @throws IOException if there is no port, or no place for a file
     */
    public static void main(String[] args) throws IOException {
        Prompt.startQuickly();
        List<Integer> ignored = exitCodes();
        System.exit(0);
    }

    /** How each call ended. The last is over TLS, with a remote that has none, which waits for more; so it fails. */
    static List<Integer> exitCodes() throws IOException {
        Path directory = Files.createTempDirectory("headrace");
        Path file = directory.resolve("file");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Rehearsal::answer);
        server.start();
        try {
            String authority = server.getAddress().getAddress().getHostAddress() + ":"
                    + server.getAddress().getPort();
            String url = "http://" + authority;
            List<Integer> codes = new ArrayList<>();
            codes.add(exitCode("fetch", url));
            codes.add(exitCode("records", url, "--page", "link"));
            codes.add(exitCode("events", url + EVENTS, "--max-events", "1"));
            codes.add(exitCode("download", url, "-o", file.toString()));
            codes.add(exitCode("check", url));
            codes.add(exitCode("fetch", "https://" + authority, "--retry", "0", "--connect-timeout", "1s"));
            return codes;
        } finally {
            server.stop(0);
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    private static int exitCode(String... args) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return HeadraceCli.run(args, InputStream.nullInputStream(), OutputStream.nullOutputStream(), nowhere);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        boolean events = exchange.getRequestURI().getPath().equals(EVENTS);
        byte[] body = (events ? "id: 1\ndata: {}\n\n" : "[{\"id\":1}]").getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().add("Content-Type", events ? "text/event-stream" : "application/json");
        exchange.getResponseHeaders().add("ETag", "\"1\"");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
