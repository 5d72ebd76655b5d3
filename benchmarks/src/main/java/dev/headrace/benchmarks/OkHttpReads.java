package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** OkHttp's blocking calls with blocking Jackson. */
final class OkHttpReads {

    private OkHttpReads() {}

    static Contestant.Preparation document() {
        return reading("/document", JacksonItems::document);
    }

    static Contestant.Preparation lines() {
        return reading("/lines", JacksonItems::lines);
    }

    private static Contestant.Preparation reading(String path, Function<InputStream, Tally> reader) {
        return (url, knobs) -> {
            OkHttpClient client = new OkHttpClient();
            return () -> {
                try (Response response = get(client, url + path)) {
                    return reader.apply(response.body().byteStream());
                }
            };
        };
    }

    static Contestant.Preparation pages() {
        return (url, knobs) -> {
            OkHttpClient client = new OkHttpClient();
            return () -> {
                Tally.Counter counter = new Tally.Counter();
                @Nullable String path = "/pages/1";
                while (path != null) {
                    try (Response response = get(client, url + path)) {
                        JacksonItems.whole(response.body().byteStream())
                                .items()
                                .forEach(item -> counter.add(item.checksum()));
                        path = Page.next(response.header("Link"));
                    }
                }
                return counter.result();
            };
        };
    }

    private static Response get(OkHttpClient client, String url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }
}
