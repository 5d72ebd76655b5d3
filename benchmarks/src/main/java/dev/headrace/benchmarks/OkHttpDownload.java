package dev.headrace.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** OkHttp's blocking call, its body written to a file by Okio. */
final class OkHttpDownload {

    private OkHttpDownload() {}

    static Fetch prepare(URI source, @Nullable Path certificate) throws IOException, GeneralSecurityException {
        OkHttpClient.Builder builder = new OkHttpClient.Builder();
        if (certificate != null) {
            TrustedCertificate trusted = TrustedCertificate.read(certificate);
            builder.sslSocketFactory(trusted.context().getSocketFactory(), trusted.manager());
        }
        OkHttpClient client = builder.build();
        Request request = new Request.Builder().url(source.toString()).build();
        return (file, written) -> {
            try (Response response = client.newCall(request).execute();
                    BufferedSink sink =
                            Okio.buffer(Okio.sink(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                sink.writeAll(response.body().source());
                sink.flush();
                written.run();
            }
        };
    }
}
