package dev.headrace.stream;

import static dev.headrace.stream.Trees.json;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A list of any records, in pages of two, which takes whatever parameters it is given and heeds none. */
final class Items implements AutoCloseable {

    static final RecordStream<JsonNode> STREAM =
            RecordStream.of("items", Endpoint.get("/items").paginate(Pagination.linkHeader()));

    private volatile FakeApi api;
    private final TestServer server;
    private final Connector connector;

    private Items(FakeApi api) {
        this.api = api;
        this.server = TestServer.builder()
                .route("/items", (request, response) -> this.api.handle(request, response))
                .start();
        this.connector = Connector.builder(server.url())
                .retry(RetryPolicy.defaults().maxRetries(0))
                .build();
    }

    /** Records as tests write them, with single quotes. */
    static Items of(String... records) {
        return new Items(list(records));
    }

    private static FakeApi list(String... records) {
        List<String> items =
                Arrays.stream(records).map(record -> json(record).toString()).toList();
        return FakeApi.linkHeader("/items", items).pageSize(2);
    }

    void become(String... records) {
        api = list(records);
    }

    Connector connector() {
        return connector;
    }

    /** The last request's query parameter of that name, or an empty text. */
    String asked(String parameter) {
        List<RecordedRequest> requests = server.requests();
        return requests.get(requests.size() - 1).query(parameter).orElse("");
    }

    int requests() {
        return server.requests().size();
    }

    <T> List<Message<T>> read(RecordStream<T> stream, @Nullable JsonNode state) {
        return Repositories.all(stream.read(connector, state));
    }

    <T> List<Message<T>> read(RecordStream<T> stream) {
        return read(stream, null);
    }

    /** The ids of the records. */
    static List<Integer> ids(List<Message<JsonNode>> messages) {
        return Repositories.records(messages).stream()
                .map(record -> record.path("id").asInt())
                .toList();
    }

    @Override
    public void close() {
        connector.close();
        server.close();
    }
}
