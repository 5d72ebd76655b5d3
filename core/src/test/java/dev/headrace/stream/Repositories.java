package dev.headrace.stream;

import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Repositories and their issues, with a server that plays them and a connector to it. */
final class Repositories implements AutoCloseable {

    record Owner(String login) {}

    record Repository(String name, Owner owner) {}

    record Issue(long number, String repository, Instant updated_at) {}

    static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

    static final Endpoint<Repository> REPOSITORIES = Endpoint.get("/user/repos")
            .query("per_page", 10)
            .paginate(Pagination.linkHeader())
            .items(Repository.class);

    static final Endpoint<Issue> ISSUES = Endpoint.get("/repos/{owner}/{repo}/issues")
            .query("sort", "updated")
            .query("per_page", 10)
            .paginate(Pagination.linkHeader())
            .items(Issue.class);

    static final RecordStream<Repository> REPOSITORY_STREAM = RecordStream.of("repositories", REPOSITORIES);

    static final ParentStream<Repository> PARENT = ParentStream.of(REPOSITORY_STREAM, Repositories::slice);

    /** Issues of all repositories, whole. */
    static final RecordStream<Issue> ALL_ISSUES =
            RecordStream.of("issues", ISSUES).parent(PARENT);

    private final FakeRepositories api;
    private final TestServer server;
    private final Connector connector;

    Repositories(FakeRepositories api) {
        this.api = api;
        this.server = api.start();
        this.connector = Connector.builder(server.url())
                .retry(RetryPolicy.defaults().maxRetries(0))
                .build();
    }

    static Repositories of(int repositories, int issuesEach) {
        return new Repositories(FakeRepositories.of(repositories, issuesEach));
    }

    static Slice slice(Repository repository) {
        return Slice.of("owner", repository.owner().login()).with("repo", repository.name());
    }

    static Slice slice(int number) {
        return Slice.of("owner", "o").with("repo", "r" + number);
    }

    FakeRepositories api() {
        return api;
    }

    TestServer server() {
        return server;
    }

    Connector connector() {
        return connector;
    }

    List<String> uris() {
        return server.requests().stream().map(RecordedRequest::uri).toList();
    }

    <T> List<Message<T>> read(RecordStream<T> stream) {
        return read(stream, null);
    }

    <T> List<Message<T>> read(RecordStream<T> stream, @Nullable JsonNode state) {
        return all(stream.read(connector, state));
    }

    static <T> List<T> all(Flux<T> messages) {
        return Objects.requireNonNull(messages.collectList().block(ofSeconds(30)));
    }

    static <T> List<T> records(List<Message<T>> messages) {
        return messages.stream()
                .filter(StreamRecord.class::isInstance)
                .map(message -> ((StreamRecord<T>) message).data())
                .toList();
    }

    static List<Notice.Kind> notices(List<? extends Message<?>> messages) {
        return messages.stream()
                .filter(Notice.class::isInstance)
                .map(message -> ((Notice<?>) message).kind())
                .toList();
    }

    static <T> JsonNode lastState(List<Message<T>> messages) {
        Message<T> last = messages.get(messages.size() - 1);
        return Optional.of(last)
                .filter(Checkpoint.class::isInstance)
                .map(message -> ((Checkpoint<T>) message).state())
                .orElseThrow();
    }

    @Override
    public void close() {
        connector.close();
        server.close();
    }
}
