package dev.headrace.examples;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.StateStore;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.ExpiredPages;
import dev.headrace.stream.Message;
import dev.headrace.stream.Notice;
import dev.headrace.stream.ParentStream;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.ResultWindow;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamRecord;
import dev.headrace.stream.TimeFormat;
import dev.headrace.stream.TimeWindows;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;

/** The listings of the guide to record streams. */
final class GuideListings {

    record Issue(long number, String assignee) {}

    record User(String login, String name) {}

    record Assigned(Issue issue, Optional<User> user) {}

    private GuideListings() {}

    static Flux<JsonNode> pages(Connector github) {
        Endpoint<JsonNode> issues = Endpoint.get("/repos/{owner}/{repo}/issues")
                .query("state", "all")
                .query("per_page", 100)
                .paginate(Pagination.linkHeader());
        Flux<JsonNode> records = github.records(issues.with("owner", "reactor").with("repo", "reactor-core"));
        return records;
    }

    static RecordStream<JsonNode> sliced(Endpoint<JsonNode> issues) {
        RecordStream<JsonNode> stream = RecordStream.of("issues", issues)
                .slices(List.of(
                        Slice.of("owner", "reactor").with("repo", "reactor-core"),
                        Slice.of("owner", "reactor").with("repo", "reactor-netty")))
                .concurrency(2);
        return stream;
    }

    static RecordStream<JsonNode> incremental(RecordStream<JsonNode> stream) {
        RecordStream<JsonNode> incremental = stream.key("/id")
                .cursor(Cursor.datetime("/updated_at")
                        .startingAt(Instant.parse("2024-01-01T00:00:00Z"))
                        .intoQuery("since"));
        return incremental;
    }

    static RecordStream<JsonNode> children(RecordStream<JsonNode> incremental, RecordStream<JsonNode> repositories) {
        RecordStream<JsonNode> all = incremental.parent(ParentStream.of(
                repositories, repo -> Slice.of("owner", repo.at("/owner/login")).with("repo", repo.at("/name"))));
        return all;
    }

    static Flux<Message<JsonNode>> run(
            RecordStream<JsonNode> all,
            Connector github,
            StateStore store,
            Function<Message<JsonNode>, Mono<Void>> handle) {
        return all.resumeFrom(store, "issues")
                .read(github)
                .concatMap(message -> handle.apply(message).thenReturn(message), 1)
                .transform(Checkpoints.committing(store, "issues"));
    }

    static RecordStream<JsonNode> windows(Endpoint<JsonNode> charges) {
        return RecordStream.of("charges", charges)
                .key("/id")
                .cursor(Cursor.datetime("/created")
                        .format(TimeFormat.epochSeconds())
                        .startingAt(Instant.parse("2020-01-01T00:00:00Z"))
                        .intoQuery("created[gte]")
                        .untilQuery("created[lt]"))
                .windows(TimeWindows.of(Period.ofMonths(1)))
                .concurrency(4);
    }

    static RecordStream<JsonNode> walls(RecordStream<JsonNode> contacts) {
        return contacts.resultWindow(ResultWindow.of(10_000).statuses(400))
                .expiredPages(ExpiredPages.seekAfter("/id", Placement.query("after_id"))
                        .statuses(400, 410));
    }

    static Flux<Message<JsonNode>> scheduled(Flux<Message<JsonNode>> run) {
        return Mono.delay(ofMinutes(5)) // after a run, not while it runs: none overlaps the next
                .thenMany(run)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, ofSeconds(10)).maxBackoff(ofMinutes(5)))
                .repeat();
    }

    static Flux<Assigned> joined(Flux<Issue> issues, Flux<User> users) {
        Mono<Map<String, User>> byLogin = users.collectMap(User::login).cache(); // this side is held in memory
        return byLogin.flatMapMany(known ->
                issues.map(issue -> new Assigned(issue, Optional.ofNullable(known.get(issue.assignee())))));
    }

    static Mono<Void> saved(
            Flux<Message<JsonNode>> messages, StateStore store, Function<List<JsonNode>, Mono<Void>> insert) {
        return messages.bufferTimeout(500, Duration.ofSeconds(1), true) // one insert for up to 500 messages
                .concatMap(batch -> insert.apply(GuideListings.records(batch)).thenMany(Flux.fromIterable(batch)), 1)
                .transform(Checkpoints.committing(store, "issues"))
                .then();
    }

    static List<JsonNode> records(List<Message<JsonNode>> batch) {
        return batch.stream()
                .flatMap(message ->
                        message instanceof StreamRecord<JsonNode> record ? Stream.of(record.data()) : Stream.empty())
                .toList();
    }

    static Flux<String> worthKnowing(Flux<Message<JsonNode>> messages) {
        return messages.handle((message, sink) -> {
            if (message instanceof Notice<JsonNode> notice) {
                sink.next(notice.text());
            }
        });
    }
}
