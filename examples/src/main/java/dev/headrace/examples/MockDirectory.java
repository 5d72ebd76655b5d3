package dev.headrace.examples;

import dev.headrace.test.TestServer;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** A directory of 25 users who do not exist, in pages, for whoever knows the password. */
final class MockDirectory implements AutoCloseable {

    private static final int USERS = 25;
    private static final List<String> FIRST = List.of("Ada", "Grace", "Alan", "Edsger", "Barbara");
    private static final List<String> LAST = List.of("Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov");
    private static final String ALLOWED =
            "Basic " + Base64.getEncoder().encodeToString("ada:engine-no-1".getBytes(StandardCharsets.UTF_8));

    private final TestServer server;

    private MockDirectory(TestServer server) {
        this.server = server;
    }

    static MockDirectory start() {
        return new MockDirectory(TestServer.builder()
                .route("/users", (request, response) -> {
                    response.header("Content-Type", "application/json");
                    if (!ALLOWED.equals(request.requestHeaders().get("Authorization"))) {
                        return response.status(401).sendString(Mono.just("{\"message\":\"Who are you?\"}"));
                    }
                    Map<String, List<String>> query = new QueryStringDecoder(request.uri()).parameters();
                    int limit = Integer.parseInt(
                            query.getOrDefault("limit", List.of("10")).get(0));
                    int after = Integer.parseInt(
                            query.getOrDefault("after", List.of("0")).get(0));
                    return response.sendString(Mono.just(page(after, Math.min(USERS, after + limit))));
                })
                .start());
    }

    private static String page(int after, int last) {
        String users = IntStream.rangeClosed(after + 1, last)
                .mapToObj(MockDirectory::user)
                .collect(Collectors.joining(","));
        return "{\"users\":[" + users + "],\"next\":" + (last < USERS ? "\"" + last + "\"" : "null") + "}";
    }

    private static String user(int id) {
        return "{\"id\":%d,\"first\":\"%s\",\"last\":\"%s\",\"status\":\"%s\"}"
                .formatted(
                        id,
                        FIRST.get(id % FIRST.size()),
                        LAST.get(id % LAST.size()),
                        id % 7 == 0 ? "suspended" : "active");
    }

    String url() {
        return server.url();
    }

    @Override
    public void close() {
        server.close();
    }
}
