package dev.headrace.connector;

import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Runs the hooks of a connector around each call. */
final class Hooks implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

    private final List<Hook> before;
    private final List<Hook> after;
    private final List<Hook> onError;

    Hooks(List<Hook> hooks) {
        this.before = of(Hook.Kind.BEFORE, hooks);
        this.after = of(Hook.Kind.AFTER, hooks);
        this.onError = of(Hook.Kind.ON_ERROR, hooks);
    }

    private static List<Hook> of(Hook.Kind kind, List<Hook> hooks) {
        return hooks.stream().filter(hook -> hook.kind() == kind).toList();
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        Mono<Request> changed = Mono.just(request);
        for (Hook hook : before) {
            changed = changed.flatMap(asked -> run(hook, () -> hook.change(asked), asked));
        }
        return changed.flatMap(asked -> answered(asked, next.exchange(asked)));
    }

    private Mono<Response> answered(Request request, Mono<Response> sent) {
        Mono<Response> answer = sent;
        for (Hook hook : onError) {
            answer = answer.onErrorResume(
                    failure -> run(hook, () -> hook.answer(request, failure)).switchIfEmpty(Mono.error(failure)));
        }
        for (Hook hook : after) {
            answer = answer.flatMap(response -> run(hook, () -> hook.change(request, response), response));
        }
        return answer;
    }

    /** What a hook makes of a value; the value itself if a lenient hook fails. */
    private static <T> Mono<T> run(Hook hook, Supplier<Mono<T>> work, T otherwise) {
        return run(hook, work)
                .switchIfEmpty(Mono.defer(() -> hook.isLenient()
                        ? Mono.just(otherwise)
                        : Mono.error(new IllegalStateException("The hook " + hook.name() + " gave nothing"))));
    }

    private static <T> Mono<T> run(Hook hook, Supplier<Mono<T>> work) {
        Mono<T> result = Mono.defer(work);
        return !hook.isLenient()
                ? result
                : result.onErrorResume(failure -> {
                    LOG.warn("The hook {} failed and is passed over: {}", hook.name(), failure.toString());
                    return Mono.empty();
                });
    }
}
