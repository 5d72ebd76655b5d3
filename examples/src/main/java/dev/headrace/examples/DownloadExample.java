package dev.headrace.examples;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.transfer.Digest;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.TransferProgress;
import java.nio.file.Path;
import reactor.core.publisher.Flux;

/** A file that arrives whole or not at all. Kill the program and run it again: it goes on where it was. */
public final class DownloadExample {

    private DownloadExample() {}

    static Flux<TransferProgress> download(Connector storage, String name, Path destination, Digest digest) {
        return Download.from(storage, Request.get("/files/{name}", name))
                .to(destination)
                .expect(digest)
                .progress();
    }

    /**
     * Loads the demo server's file into {@code target} and prints how far it is.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        String name = DemoServer.FILE;
        Example.print(
                args,
                api -> FetchExample.factsOf(api, name)
                        .flatMapMany(
                                facts -> download(api, name, Path.of("target", name), Digest.sha256(facts.sha256())))
                        .map(progress -> "%s %.0f %%"
                                .formatted(progress.phase(), progress.percent().orElse(0))));
    }
}
