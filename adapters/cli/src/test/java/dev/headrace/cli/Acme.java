package dev.headrace.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.capability.Capability;
import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.Credentials;
import dev.headrace.capability.Description;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.RecordStream;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.publisher.PublisherProbe;
import tools.jackson.databind.JsonNode;

/** A small integration for the tests of its command. */
final class Acme {

    static final String SECRET = "s3cr3t-value";

    /** As the environment variable HEADRACE_TEST_AUTH has it. */
    static final String AUTH = "{\"username\":\"ada\",\"password\":\"" + SECRET + "\"}";

    record Settings(@JsonProperty("max_items") int maxItems) {}

    record Echo(@Nullable String text, @Nullable BigDecimal number) {}

    record Echoed(
            @Nullable String text,
            @Nullable BigDecimal number,
            @Nullable String page,
            int maxItems) {}

    record Fail(String how) {}

    record Nothing() {}

    record Issues(JsonNode issues) {}

    private Acme() {}

    static Integration at(String url) {
        return at(url, PublisherProbe.of(Mono.never()));
    }

    /** With a capability that does what the test says. */
    static Integration at(String url, PublisherProbe<CapabilityResponse<Nothing>> waiting) {
        Connector api = Connector.builder(url)
                .retry(RetryPolicy.exponential(java.time.Duration.ofMillis(1)).maxRetries(0))
                .build();
        return builder(api)
                .capability("wait_for_it", Nothing.class, Nothing.class, (request, context) -> waiting.mono())
                .build();
    }

    static Integration.Builder builder(Connector api) {
        return Integration.builder("acme")
                .version("1.4.0")
                .description(Description.of("Acme CRM").text("Everything 100% about accounts."))
                .credentials(Credentials.Basic.class)
                .settings(Settings.class)
                .capability(Capability.of(
                                "echo_text",
                                Echo.class,
                                Echoed.class,
                                (request, context) -> Mono.just(CapabilityResponse.of(new Echoed(
                                                request.input().text(),
                                                request.input().number(),
                                                request.page().token(),
                                                context.settings(Settings.class).maxItems()))
                                        .next(request.page().token())))
                        .displayName("Echo a text")
                        .description("Gives back 100% of ${what} it @|bold got|@."))
                .capability(
                        "fail",
                        Fail.class,
                        Nothing.class,
                        (request, context) -> Mono.error(failure(request.input().how())))
                .capability(
                        "list_issues",
                        Nothing.class,
                        Issues.class,
                        (request, context) -> context.connector(api)
                                .fetch(Request.get("/repos/o/r1/issues"), JsonNode.class)
                                .map(issues -> CapabilityResponse.of(new Issues(issues))))
                .connector(context -> context.connector(api))
                .stream(RecordStream.of(
                        "issues",
                        Endpoint.get("/repos/o/r1/issues")
                                .query("sort", "updated")
                                .query("per_page", 10)
                                .paginate(Pagination.linkHeader()))
                .key("/number")
                .cursor(Cursor.datetime("/updated_at").intoQuery("since")));
    }

    private static Throwable failure(String how) {
        return switch (how) {
            case "unforeseen" -> new IllegalStateException("about " + SECRET);
            case "refused" -> CapabilityException.of(ErrorCode.BAD_REQUEST, "There is no such thing");
            default -> new HeadraceException(FailureKind.valueOf(how), "It went\nwrong", null);
        };
    }
}
