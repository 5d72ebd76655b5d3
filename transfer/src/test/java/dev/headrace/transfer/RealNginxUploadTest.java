package dev.headrace.transfer;

import static dev.headrace.transfer.TusSite.content;
import static dev.headrace.transfer.TusSite.failureOf;
import static dev.headrace.transfer.TusSite.file;
import static dev.headrace.transfer.TusSite.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headrace.connector.Connector;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain uploads to nginx, which stores what is PUT (its module for WebDAV). Skipped where {@code nginx} is not on the path. */
class RealNginxUploadTest {

    private static final String CONFIGURATION = """
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            error_log error.log;
            events {}
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                client_max_body_size 16m;
                server {
                    listen 127.0.0.1:%d;
                    root store;
                    location / { dav_methods PUT; create_full_put_path on; }
                }
            }
            """;

    private static final int SIZE = 12 << 20;

    @TempDir
    private Path directory;

    private @Nullable Process nginx;
    private @Nullable Connector connector;

    @BeforeEach
    void start() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.createDirectory(directory.resolve("store"));
        Files.writeString(directory.resolve("nginx.conf"), CONFIGURATION.formatted(port));
        // A master that runs as root gives its workers to nobody, who may not write here.
        if (System.getProperty("user.name").equals("root")) {
            Files.writeString(directory.resolve("nginx.conf"), "user root;\n" + CONFIGURATION.formatted(port));
        }
        Process process;
        try {
            process = new ProcessBuilder("nginx", "-p", directory + "/", "-c", "nginx.conf", "-e", "error.log")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no nginx on the path");
            return;
        }
        nginx = process;
        await().until(() -> !process.isAlive() || accepts(port));
        assertThat(process.isAlive())
                .as(Files.readString(directory.resolve("output")))
                .isTrue();
        connector = Connector.builder("http://127.0.0.1:" + port).build();
    }

    private static boolean accepts(int port) {
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return connection.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (connector != null) {
            connector.close();
        }
        Process process = nginx;
        if (process != null) {
            // SIGTERM: the master ends its workers.
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private Upload put(Path file) {
        return TusSite.quick(Upload.from(Objects.requireNonNull(connector), Request.put("/images/{name}", "disk.iso"))
                .source(file));
    }

    @Test
    void storesAFile() {
        byte[] content = content(SIZE);

        Uploaded result = run(put(file(directory, content)));

        assertThat(directory.resolve("store/images/disk.iso")).hasBinaryContent(content);
        assertThat(result.totalBytes()).isEqualTo(SIZE);
        assertThat(result.requests()).isOne();
    }

    @Test
    void storesAnEmptyFile() {
        run(put(file(directory, new byte[0])));

        assertThat(directory.resolve("store/images/disk.iso")).isEmptyFile();
    }

    @Test
    void saysThatAFileIsTooLarge() {
        assertThat(failureOf(put(file(directory, content(SIZE + (8 << 20))))))
                .isInstanceOfSatisfying(
                        HttpStatusException.class, e -> assertThat(e.status()).isEqualTo(413));
        assertThat(directory.resolve("store/images/disk.iso")).doesNotExist();
    }
}
