package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An nginx of our own on a free port, that serves and stores files in a directory. A test that starts one is skipped where there is none. */
final class Nginx implements AutoCloseable {

    private static final String CONFIGURATION = """
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            error_log error.log;
            events {}
            http {
                access_log access.log;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                client_max_body_size 16m;
                sendfile on;
                server {
                    listen 127.0.0.1:%d;
                    root store;
                    %s
                }
            }
            """;

    private final Process process;
    private final int port;
    private final Path store;

    private Nginx(Process process, int port, Path store) {
        this.process = process;
        this.port = port;
        this.store = store;
    }

    /**
     * Starts it.
     *
     * @param directory an empty one, for all it writes
     * @param locations what the server does
     */
    static Nginx in(Path directory, String locations) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path store = Files.createDirectory(directory.resolve("store"));
        // A master that runs as root gives its workers to nobody, who may not write here.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        Files.writeString(directory.resolve("nginx.conf"), user + CONFIGURATION.formatted(port, locations));
        Process process;
        try {
            process = new ProcessBuilder("nginx", "-p", directory + "/", "-c", "nginx.conf", "-e", "error.log")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no nginx on the path");
            throw e;
        }
        await().until(() -> !process.isAlive() || accepts(port));
        assertThat(process.isAlive())
                .as(Files.readString(directory.resolve("output")))
                .isTrue();
        return new Nginx(process, port, store);
    }

    private static boolean accepts(int port) {
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return connection.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Where its files are. */
    Path store() {
        return store;
    }

    /** Kills the workers, and with them all connections; the master starts others. */
    void cutAllConnections() {
        process.toHandle().children().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        // SIGTERM: the master ends its workers.
        process.destroy();
        await().atMost(10, TimeUnit.SECONDS).until(() -> !process.isAlive());
    }
}
