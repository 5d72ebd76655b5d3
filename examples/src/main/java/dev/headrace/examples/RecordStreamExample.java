package dev.headrace.examples;

import static java.time.Duration.ofHours;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.StateStore;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.Message;
import dev.headrace.stream.ParentStream;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamRecord;
import java.nio.file.Path;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The issues of every repository, read as far as they have changed since the last run. */
public final class RecordStreamExample {

    record Owner(String login) {}

    record Repository(String name, Owner owner) {}

    record Issue(String repository, long number, String title) {}

    private RecordStreamExample() {}

    static RecordStream<Issue> issues() {
        RecordStream<Repository> repositories = RecordStream.of(
                "repositories",
                Endpoint.get("/user/repos").paginate(Pagination.linkHeader()).items(Repository.class));
        return RecordStream.of(
                        "issues",
                        Endpoint.get("/repos/{owner}/{repo}/issues")
                                .query("sort", "updated")
                                .query("per_page", 100)
                                .paginate(Pagination.linkHeader())
                                .items(Issue.class))
                .key("/repository", "/number")
                .parent(ParentStream.of(
                        repositories,
                        repo -> Slice.of("owner", repo.owner().login()).with("repo", repo.name())))
                .cursor(Cursor.datetime("/updated_at")
                        .startingAt(Instant.parse("2024-01-01T00:00:00Z"))
                        .lookback(ofHours(1))
                        .intoQuery("since"))
                .concurrency(4);
    }

    static Flux<Message<Issue>> synchronise(Connector github, StateStore store) {
        return issues().resumeFrom(store, "issues") // where the last run stopped, whether it ended or was killed
                .read(github) // records, checkpoints and notices
                .concatMap(message -> handle(message).thenReturn(message), 1)
                .transform(Checkpoints.committing(store, "issues")); // saved after handling, never before
    }

    /** What a program of yours does with a record, such as saving it. */
    private static Mono<Void> handle(Message<Issue> message) {
        return message.fold(record -> Mono.empty(), checkpoint -> Mono.empty(), notice -> Mono.empty());
    }

    /** How many records two runs get: all of them, and then none, for nothing has changed. */
    private static Flux<String> twoRuns(Connector github, Path folder) {
        StateStore store = StateStore.file(folder);
        Flux<String> run = synchronise(github, store)
                .filter(StreamRecord.class::isInstance)
                .count()
                .map(records -> "Records that are new: " + records)
                .flux();
        return run.concatWith(run);
    }

    /**
     * Prints what two runs find.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            Example.print(args, api -> twoRuns(api, folder.path()));
        }
    }
}
