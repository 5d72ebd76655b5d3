package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JDK's client with its blocking stream and blocking Jackson. */
final class JdkReads {

    private JdkReads() {}

    static Contestant.Preparation document() {
        return reading("/document", JacksonItems::document);
    }

    static Contestant.Preparation lines() {
        return reading("/lines", JacksonItems::lines);
    }

    private static Contestant.Preparation reading(String path, Function<InputStream, Tally> reader) {
        return (url, knobs) -> {
            HttpClient client = client();
            return () -> {
                try (InputStream body = get(client, url + path).body()) {
                    return reader.apply(body);
                }
            };
        };
    }

    static Contestant.Preparation pages() {
        return (url, knobs) -> {
            HttpClient client = client();
            return () -> {
                Tally.Counter counter = new Tally.Counter();
                @Nullable String path = "/pages/1";
                while (path != null) {
                    HttpResponse<InputStream> response = get(client, url + path);
                    try (InputStream body = response.body()) {
                        JacksonItems.whole(body).items().forEach(item -> counter.add(item.checksum()));
                    }
                    path = Page.next(response.headers().firstValue("Link").orElse(null));
                }
                return counter.result();
            };
        };
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static HttpResponse<InputStream> get(HttpClient client, String url)
            throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofInputStream());
    }
}
