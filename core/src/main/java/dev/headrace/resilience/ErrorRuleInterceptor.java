package dev.headrace.resilience;

import dev.headrace.Defaults;
import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeOptions.Profile;
import dev.headrace.http.Headers;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.resilience.Evidence.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Marks responses with what rules make of them. */
final class ErrorRuleInterceptor implements Interceptor {

    // These may go on for ever and slowly, and nobody would see their first item before the limit is reached.
    private static final Set<String> STREAMS = Set.of(
            "text/event-stream",
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
            "application/x-jsonlines",
            "application/stream+json",
            "application/json-seq");

    private final List<ErrorRule> rules;

    ErrorRuleInterceptor(List<ErrorRule> rules) {
        this.rules = rules;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return next.exchange(request)
                .flatMap(response -> response.verdict().isPresent()
                        ? Mono.just(response)
                        : mark(response, mayLook(request, response)));
    }

    private Mono<Response> mark(Response response, boolean mayLook) {
        Evidence head = Evidence.of(response);
        for (ErrorRule rule : rules) {
            Finding finding = rule.judge(head);
            boolean needsBody = finding == Finding.UNKNOWN || finding == Finding.YES && rule.looksIntoBody();
            if (needsBody && mayLook) {
                return response.peek(Defaults.RULE_BODY_LIMIT).flatMap(peeked -> {
                    Evidence all = Evidence.of(peeked);
                    return apply(firstHolding(all), peeked.response(), all);
                });
            }
            if (finding == Finding.YES) {
                return apply(rule, response, head);
            }
        }
        return Mono.just(response);
    }

    private @Nullable ErrorRule firstHolding(Evidence evidence) {
        for (ErrorRule rule : rules) {
            if (rule.judge(evidence) == Finding.YES) {
                return rule;
            }
        }
        return null;
    }

    private static Mono<Response> apply(@Nullable ErrorRule rule, Response response, Evidence evidence) {
        if (rule == null) {
            return Mono.just(response);
        }
        return rule.verdict(evidence)
                .map(verdict -> Mono.just(response.withVerdict(verdict)))
                .orElseGet(() -> response.discard()
                        .then(Mono.fromSupplier(
                                () -> Response.of(response.request(), 204, Headers.none(), new byte[0]))));
    }

    private static boolean mayLook(Request request, Response response) {
        return request.options().profile() == Profile.CALL
                && response.headers()
                        .first("Content-Type")
                        .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                        .filter(STREAMS::contains)
                        .isEmpty();
    }
}
