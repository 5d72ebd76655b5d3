package com.example.consumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** What there is to read: three pages of gauges, some events, a file. Of the JDK, for a program has no use of headrace-test. */
final class Remote implements AutoCloseable {

    static final int FILE_BYTES = 300_000;

    private final HttpServer server;

    private Remote(HttpServer server) {
        this.server = server;
    }

    static Remote start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/gauges", Remote::page);
        server.createContext("/levels", answering("text/event-stream", """
                        id: 1
                        data: {"id": 1, "name": "weir"}

                        id: 2
                        data: {"id": 2, "name": "sluice"}

                        """.getBytes(StandardCharsets.UTF_8)));
        server.createContext("/file", answering("application/octet-stream", file()));
        server.start();
        return new Remote(server);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    static byte[] file() {
        byte[] bytes = new byte[FILE_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    private static void page(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        int page = query == null ? 1 : Integer.parseInt(query.substring("page=".length()));
        if (page < 3) {
            exchange.getResponseHeaders().add("Link", "</gauges?page=" + (page + 1) + ">; rel=\"next\"");
        }
        String items = "[{\"id\": %d, \"name\": \"weir\"}, {\"id\": %d, \"name\": \"sluice\"}]";
        answering("application/json", items.formatted(2 * page - 1, 2 * page).getBytes(StandardCharsets.UTF_8))
                .handle(exchange);
    }

    private static HttpHandler answering(String type, byte[] body) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        };
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
