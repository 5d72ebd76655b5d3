package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import tools.jackson.databind.JsonNode;

class DispatchTest {

    record ListAccounts(int limit) {}

    record Accounts(List<String> accounts) {}

    private static Integration acme(CapabilityHandler<ListAccounts, Accounts> handler) {
        return Integration.builder("acme")
                .capability("list_accounts", ListAccounts.class, Accounts.class, handler)
                .build();
    }

    private static JsonNode dispatched(Integration integration, String capability, String json) {
        return Json.tree(
                Objects.requireNonNull(integration.dispatch(capability, json).block()));
    }

    @Test
    void wrapsTheAnswerInAnEnvelope() { // M3, M5, M21, M30
        Integration acme = acme((request, context) -> Mono.just(CapabilityResponse.of(
                new Accounts(List.of("ada", "limit " + request.input().limit())))));

        assertThat(acme.dispatch("list_accounts", "{\"request\":{\"limit\":7}}").block())
                .isEqualTo(
                        "{\"response\":{\"accounts\":[\"ada\",\"limit 7\"]},\"raw_data\":null,\"page\":null,\"error\":null}");
    }

    @Test
    void takesDashesForUnderscores() {
        Integration acme = acme((request, context) -> Mono.just(CapabilityResponse.of(new Accounts(List.of()))));

        assertThat(dispatched(acme, "list-accounts", "{\"request\":{\"limit\":7}}")
                        .path("error")
                        .isNull())
                .isTrue();
    }

    @Test
    void doesNothingBeforeSubscriptionAndOnceForEach() {
        AtomicInteger calls = new AtomicInteger();
        Integration acme = acme((request, context) -> {
            calls.incrementAndGet();
            return Mono.just(CapabilityResponse.of(new Accounts(List.of())));
        });

        Mono<String> call = acme.dispatch("list_accounts", "{\"request\":{\"limit\":7}}");

        assertThat(calls).hasValue(0);
        call.block();
        call.block();
        assertThat(calls).hasValue(2);
    }

    @Test
    void cancelsWhatTheCapabilityDoes() {
        PublisherProbe<CapabilityResponse<Accounts>> probe = PublisherProbe.of(Mono.never());
        Integration acme = acme((request, context) -> probe.mono());

        StepVerifier.create(acme.dispatch("list_accounts", "{\"request\":{\"limit\":7}}"))
                .thenCancel()
                .verify();

        probe.assertWasCancelled();
    }

    @Test
    void answersWhatIsMissingWithACode() { // M7
        Integration acme = acme((request, context) -> Mono.never());

        JsonNode error = dispatched(acme, "delete_account", "{}").path("error");

        assertThat(error.path("error_code").stringValue()).isEqualTo("acme.not_implemented");
        assertThat(error.path("raised_in").stringValue()).isEqualTo("acme:delete_account");
        assertThat(error.path("message").stringValue())
                .contains("delete_account")
                .contains("list_accounts");
    }

    @Test
    void answersInfoLikeACapability() { // M40
        Integration acme = acme((request, context) -> Mono.never());

        JsonNode info = dispatched(acme, "info", "{\"a\": 1}").path("response");

        assertThat(info).isEqualTo(acme.info());
        assertThat(info.path("capabilities").toString()).isEqualTo("[\"list_accounts\"]");
        assertThat(acme.openApi().path("paths").has("/list_accounts")).isTrue();
    }
}
