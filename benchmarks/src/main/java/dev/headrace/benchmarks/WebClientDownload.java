package dev.headrace.benchmarks;

import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;

/** Spring's WebClient, written to a file as its reference documentation does. */
final class WebClientDownload {

    private WebClientDownload() {}

    static Fetch prepare(URI source, @Nullable Path certificate) throws SSLException {
        WebClient client = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(http(certificate)))
                .build();
        return (file, written) -> {
            DataBufferUtils.write(
                            client.get().uri(source).retrieve().bodyToFlux(DataBuffer.class),
                            file,
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.WRITE)
                    .block();
            written.run();
        };
    }

    private static HttpClient http(@Nullable Path certificate) throws SSLException {
        HttpClient plain = HttpClient.create();
        if (certificate == null) {
            return plain;
        }
        SslContext trusting = Http11SslContextSpec.forClient()
                .configure(builder -> builder.trustManager(certificate.toFile()))
                .sslContext();
        return plain.secure(spec -> spec.sslContext(trusting));
    }
}
