package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.http.TlsSettings;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.TransferProgress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** This library, with nothing but defaults: it keeps a journal, and forces the file to the device before it gives it its name. */
final class HeadraceDownload {

    private HeadraceDownload() {}

    static Fetch prepare(URI source, @Nullable Path certificate) {
        Connector.Builder builder = Connector.builder(source.resolve("/").toString());
        if (certificate != null) {
            builder.tls(TlsSettings.trust(certificate));
        }
        Connector connector = builder.build();
        return (file, written) -> {
            AtomicBoolean told = new AtomicBoolean();
            Download.from(connector, Request.get(source.getPath()))
                    .to(file)
                    .listener(progress -> {
                        if (progress.phase() == TransferProgress.Phase.VERIFYING && !told.getAndSet(true)) {
                            written.run();
                        }
                    })
                    .result()
                    .block();
        };
    }
}
