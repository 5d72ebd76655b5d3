package com.example.consumer;

import dev.headrace.auth.Auth;
import dev.headrace.capability.Capability;
import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.Integration;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.Request;
import dev.headrace.pagination.Pagination;
import dev.headrace.server.CapabilityServer;
import dev.headrace.server.RunningServer;
import dev.headrace.spec.Spec;
import dev.headrace.sse.EventStream;
import dev.headrace.stream.StreamRecord;
import dev.headrace.transfer.Digest;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.Downloaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads pages, events, a file and a stream that a spec describes; ends with 1 if anything is not what it should be. */
public final class Consumer {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String SPEC =
            """
            headrace: 1
            name: gauges
            config:
              type: object
              required: [base_url]
              properties:
                base_url: {type: string}
            connector:
              base_url: "{{ config.base_url }}"
            streams:
              gauges:
                request: {path: /gauges}
                pagination: link
            """;

    record Gauge(long id, String name) {}

    private Consumer() {}

    static Flux<Gauge> gauges(Connector remote) {
        return remote.records(
                Endpoint.get("/gauges").paginate(Pagination.linkHeader()).items(Gauge.class));
    }

    static Flux<Gauge> levels(Connector remote) {
        return EventStream.from(remote, Request.get("/levels")).events(Gauge.class).take(2);
    }

    static Mono<Downloaded> file(Connector remote, Path path, String sha256) {
        return Download.from(remote, Request.get("/file"))
                .to(path)
                .expect(Digest.sha256(sha256))
                .result();
    }

    static Mono<Long> described(String url) {
        return Spec.parse("gauges.yaml", SPEC)
                .source()
                .read(JsonNodeFactory.instance.objectNode().put("base_url", url), null)
                .ofType(StreamRecord.class)
                .count();
    }

    record Question(String name) {}

    record Answer(String greeting) {}

    /** Serves an integration, asks it how it is, and has it answer. */
    static String served() {
        Integration integration = Integration.builder("gauges")
                .version("1.0.0")
                .capability(Capability.of(
                        "greet",
                        Question.class,
                        Answer.class,
                        (request, context) -> Mono.just(
                                CapabilityResponse.of(new Answer("Hello " + request.input().name()))))
                        .withoutCredentials())
                .build();
        try (RunningServer server = CapabilityServer.bind(integration, 0);
                Connector api = Connector.builder(server.uri().toString())
                        .auth(Auth.bearer(server.token()))
                        .build()) {
            JsonNode health = api.fetch(Request.get("/health"), JsonNode.class).block(SOON);
            JsonNode answer = api.fetch(
                            Request.post("/greet").json(Map.of("request", Map.of("name", "weir"))), JsonNode.class)
                    .block(SOON);
            return health.path("status").asString() + ", "
                    + answer.at("/response/greeting").asString();
        }
    }

    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        Path folder = Files.createTempDirectory("consumer");
        try (Remote server = Remote.start();
                Connector remote = Connector.builder(server.url()).build()) {
            List<Gauge> gauges = gauges(remote).collectList().block(SOON);
            check(gauges.size() == 6, gauges + " are not six gauges");
            List<Gauge> levels = levels(remote).collectList().block(SOON);
            check(levels.size() == 2, levels + " are not two levels");
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Remote.file()));
            file(remote, folder.resolve("file"), sha256).block(SOON);
            long bytes = Files.size(folder.resolve("file"));
            check(bytes == Remote.FILE_BYTES, bytes + " bytes");
            Long described = described(server.url()).block(SOON);
            check(Objects.equals(described, 6L), described + " described gauges");
            String served = served();
            check("UP, Hello weir".equals(served), "a server that says " + served);
            System.out.println(gauges.size() + " gauges, " + levels.size() + " levels, a file of " + bytes + " bytes, "
                    + (Consumer.class.getModule().isNamed() ? "as modules" : "on the class path"));
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            System.err.println(otherwise);
            System.exit(1);
        }
    }
}
