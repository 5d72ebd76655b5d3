package dev.headrace.spring;

import dev.headrace.capability.CapabilityContext;
import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.connector.Connector;
import dev.headrace.json.Json;
import dev.headrace.observe.TraceContext;
import dev.headrace.stream.Message;
import dev.headrace.stream.Source;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** An integration that is served, and how it is called. */
final class Acme {

    static final int BODY_LIMIT = 64 * 1024;

    /** What its stream says; set by the test that reads it. */
    static volatile Function<@Nullable JsonNode, Flux<Message<JsonNode>>> messages = state -> Flux.empty();

    static final AtomicBoolean CANCELLED = new AtomicBoolean();

    record Say(String text) {}

    record Said(String text) {}

    private Acme() {}

    static Integration integration() {
        Source source = Source.builder("acme")
                .connector(config -> Connector.builder("http://127.0.0.1:1").build())
                .streams(config -> List.of(new Numbers((connector, state) -> messages.apply(state))))
                .build();
        return Integration.builder("acme")
                .capability(
                        "say_again",
                        Say.class,
                        Said.class,
                        (request, context) -> Mono.just(
                                CapabilityResponse.of(new Said(request.input().text()))))
                .capability(
                        "say_who",
                        Say.class,
                        Said.class,
                        (request, context) -> Mono.deferContextual(reactor -> Mono.just(CapabilityResponse.of(
                                new Said(context.requestId().orElse("none") + " "
                                        + reactor.getOrDefault(CapabilityContext.REQUEST_ID, "none") + " "
                                        + reactor.getOrDefault(TraceContext.TRACEPARENT, "none"))))))
                .capability(
                        "wait",
                        Say.class,
                        Said.class,
                        (request, context) ->
                                Mono.<CapabilityResponse<Said>>never().doOnCancel(() -> CANCELLED.set(true)))
                .capability(
                        "fail",
                        Say.class,
                        Said.class,
                        (request, context) -> Mono.error(CapabilityException.of(
                                        ErrorCode.custom(request.input().text()), "It is so")
                                .retryAt(Instant.now().plusSeconds(600))))
                .source(source)
                .build();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        RouterFunction<ServerResponse> acmeRoutes() {
            return IntegrationRoutes.of(integration()).bodyLimit(BODY_LIMIT);
        }

        @Bean
        RouterFunction<ServerResponse> nestedRoutes() {
            return RouterFunctions.nest(
                    RequestPredicates.path("/api"),
                    IntegrationRoutes.of(integration()).withoutIdPrefix().callTimeout(Duration.ofMillis(200)));
        }
    }

    static HttpRequest.Builder posting(RunningApplication application, String path, String json) {
        return application
                .request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json));
    }

    static HttpResponse<String> post(RunningApplication application, String path, String json) {
        return RunningApplication.send(posting(application, path, json));
    }

    /** Code and place of the failure that an answer is the envelope of. */
    static String error(HttpResponse<String> response) {
        JsonNode envelope = Json.tree(response.body());
        if (!envelope.path("response").isNull()
                || !envelope.path("raw_data").isNull()
                || !envelope.path("page").isNull()) {
            throw new AssertionError("No envelope of a failure: " + envelope);
        }
        JsonNode error = envelope.path("error");
        return error.path("error_code").stringValue() + " in "
                + error.path("raised_in").stringValue();
    }
}
