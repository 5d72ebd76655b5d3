package dev.headrace.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** The JDK's client with its own way to a file. */
final class JdkDownload {

    private JdkDownload() {}

    static Fetch prepare(URI source, @Nullable Path certificate) throws IOException, GeneralSecurityException {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        if (certificate != null) {
            builder.sslContext(TrustedCertificate.read(certificate).context());
        }
        HttpClient client = builder.build();
        HttpRequest request = HttpRequest.newBuilder(source).build();
        return (file, written) -> {
            client.send(
                    request,
                    HttpResponse.BodyHandlers.ofFile(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            written.run();
        };
    }
}
