package dev.headrace.examples;

import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** Tells about every attempt. A connector's interceptors stand inside its retry, so none of them is hidden from this one. */
final class AttemptLog implements Interceptor {

    /** A request that was answered. */
    record Attempt(Request request, Response response) {

        boolean isSuccessful() {
            return response.isSuccessful();
        }

        boolean isRefusedForRate() {
            return response.status() == 429;
        }

        boolean isReconnection() {
            return request.headers().contains("Last-Event-ID");
        }

        boolean isResumedDownload() {
            return response.status() == 206;
        }

        @Override
        public String toString() {
            String query = Optional.ofNullable(request.uri().getQuery())
                    .map(text -> "?" + text)
                    .orElse("");
            return request.method() + " " + request.uri().getPath() + query + note("Last-Event-ID") + note("Range")
                    + " -> " + response.status()
                    + response.headers()
                            .first("Retry-After")
                            .map(seconds -> ", Retry-After: " + seconds)
                            .orElse("");
        }

        private String note(String header) {
            return request.headers()
                    .first(header)
                    .map(value -> ", " + header + ": " + value)
                    .orElse("");
        }
    }

    private final Transcript transcript;
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();

    AttemptLog(Transcript transcript) {
        this.transcript = transcript;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return next.exchange(request).doOnNext(response -> add(new Attempt(request, response)));
    }

    long count(Predicate<Attempt> kind) {
        return attempts.stream().filter(kind).count();
    }

    private void add(Attempt attempt) {
        attempts.add(attempt);
        transcript.line(attempt.toString());
    }
}
