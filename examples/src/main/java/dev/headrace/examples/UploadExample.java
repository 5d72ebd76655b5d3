package dev.headrace.examples;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.transfer.TransferProgress;
import dev.headrace.transfer.Upload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import reactor.core.publisher.Flux;

/** A file that is sent once, whatever the line does. Kill the program and run it again: it goes on where the server is. */
public final class UploadExample {

    private static final int DEMO_BYTES = 20_000_000;

    private UploadExample() {}

    static Flux<TransferProgress> upload(Connector storage, Path file) {
        return Upload.from(storage, Request.post("/uploads"))
                .source(file)
                .metadata("filename", file.getFileName().toString())
                .tus()
                .progress();
    }

    /**
     * Sends {@code target/disk.upload} to the demo server, where the line breaks at 40 and at 80 percent, and prints how far it is.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        Path file = demoFile();
        Example.print(
                args,
                api -> upload(api, file)
                        .map(progress -> "%s %.0f %%"
                                .formatted(progress.phase(), progress.percent().orElse(0))));
    }

    /** Made once, for it must stay as it is. */
    private static Path demoFile() {
        try {
            Path file = Path.of("target", "disk.upload");
            if (Files.notExists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.write(file, new byte[DEMO_BYTES]);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("No file can be made to be sent", e);
        }
    }
}
