package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.sse.SseDecoder;
import dev.headrace.sse.SseEvent;
import dev.headrace.stream.RecordStream;
import dev.headrace.test.FakeApi;
import dev.headrace.test.TestServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** A browser that loses its connection while it reads a paginated API. */
class RecordStreamResumeTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Pages.class)
    static class Application {

        @Bean
        TestServer api() {
            return FakeApi.linkHeader("/issues", FakeApi.issues(250)).start();
        }

        @Bean
        Connector connector(TestServer api) {
            return Connector.builder(api.url()).build();
        }
    }

    @RestController
    static class Pages {

        @GetMapping("/issues")
        RecordStream<JsonNode> issues() {
            return RecordStream.of("issues", Endpoint.get("/issues").paginate(Pagination.linkHeader()));
        }
    }

    @SuppressWarnings("NullAway.Init")
    private static RunningApplication application;

    @BeforeAll
    static void start() {
        application = RunningApplication.of(Application.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static List<SseEvent> events(String... headers) {
        byte[] body = application.get("/issues", headers).body().getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(SseDecoder.create()
                .decode(Flux.just(ByteBuffer.wrap(body)))
                .collectList()
                .block());
    }

    private static List<Integer> numbers(List<SseEvent> events) {
        return events.stream()
                .filter(SseEvent.named("record"))
                .map(event -> Json.tree(event.data()).at("/data/number").intValue())
                .toList();
    }

    @Test
    void goesOnBehindThePageThatItHasSeen() {
        List<SseEvent> all = events("Accept", "text/event-stream");
        SseEvent seen =
                all.stream().filter(SseEvent.named("checkpoint")).findFirst().orElseThrow();
        int before = application.bean(TestServer.class).requests().size();

        List<SseEvent> rest = events("Accept", "text/event-stream", "Last-Event-ID", seen.id());

        assertThat(numbers(all)).isEqualTo(IntStream.rangeClosed(1, 250).boxed().toList());
        assertThat(numbers(rest))
                .isEqualTo(IntStream.rangeClosed(101, 250).boxed().toList());
        assertThat(rest.get(rest.size() - 1).event()).isEqualTo("end");
        assertThat(application.bean(TestServer.class).requests()).hasSize(before + 2);
    }
}
