package dev.headrace.transfer;

import static dev.headrace.transfer.TusSite.content;
import static dev.headrace.transfer.TusSite.failureOf;
import static dev.headrace.transfer.TusSite.file;
import static dev.headrace.transfer.TusSite.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain uploads to nginx, which stores what is PUT (its module for WebDAV). Skipped where {@code nginx} is not on the path. */
class RealNginxUploadTest {

    private static final String STORING = "location / { dav_methods PUT; create_full_put_path on; }";

    private static final int SIZE = 12 << 20;

    @TempDir
    private Path directory;

    private Nginx nginx;
    private Connector connector;

    @BeforeEach
    void start() throws IOException {
        nginx = Nginx.in(directory, STORING);
        connector = Connector.builder(nginx.url()).build();
    }

    @AfterEach
    void stop() {
        // Where there is no nginx, nothing was begun.
        if (connector != null) {
            connector.close();
            nginx.close();
        }
    }

    private Upload put(Path file) {
        return TusSite.quick(Upload.from(connector, Request.put("/images/{name}", "disk.iso"))
                .source(file));
    }

    @Test
    void storesAFile() {
        byte[] content = content(SIZE);

        Uploaded result = run(put(file(directory, content)));

        assertThat(nginx.store().resolve("images/disk.iso")).hasBinaryContent(content);
        assertThat(result.totalBytes()).isEqualTo(SIZE);
        assertThat(result.requests()).isOne();
    }

    @Test
    void storesAnEmptyFile() {
        run(put(file(directory, new byte[0])));

        assertThat(nginx.store().resolve("images/disk.iso")).isEmptyFile();
    }

    @Test
    void saysThatAFileIsTooLarge() {
        assertThat(failureOf(put(file(directory, content(SIZE + (8 << 20))))))
                .isInstanceOfSatisfying(
                        HttpStatusException.class, e -> assertThat(e.status()).isEqualTo(413));
        assertThat(nginx.store().resolve("images/disk.iso")).doesNotExist();
    }
}
