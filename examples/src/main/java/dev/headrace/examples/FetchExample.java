package dev.headrace.examples;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.json.TypeRef;
import java.util.List;
import reactor.core.publisher.Mono;

/** One request, one value: an object as a record, an array as a list. */
public final class FetchExample {

    record FileFacts(String name, long bytes, String sha256) {}

    record Issue(long number, String title) {}

    private FetchExample() {}

    static Mono<FileFacts> factsOf(Connector api, String file) {
        return api.fetch(Request.get("/files/{name}.json", file), FileFacts.class);
    }

    static Mono<List<Issue>> firstIssues(Connector api, int count) {
        return api.fetch(Request.get("/api/issues").query("per_page", count), new TypeRef<List<Issue>>() {});
    }

    /**
     * Prints what the server says about its file, then its first three issues.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        Example.print(
                args, api -> factsOf(api, DemoServer.FILE).cast(Object.class).concatWith(firstIssues(api, 3)));
    }
}
