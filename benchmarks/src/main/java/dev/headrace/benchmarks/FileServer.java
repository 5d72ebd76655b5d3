package dev.headrace.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * An nginx on this machine with one file of noise, plain and with TLS. It and all that was made for it are gone when it is closed, or when
 * this process ends.
 */
final class FileServer implements AutoCloseable {

    private static final int MEBIBYTE = 1 << 20;
    private static final String FILE = "file.bin";
    private static final List<String> IN_MEMORY = List.of("tmpfs", "ramfs");
    private static final List<String> TOOLS = List.of("nginx", "curl", "openssl");
    private static final Duration LIMIT = Duration.ofMinutes(1);

    // One process: nothing outlives it, and it needs no user of its own to read the files. The cipher is the same for
    // all, whatever they would rather have.
    private static final String CONFIGURATION = """
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log error.log;
            events {}
            http {
                access_log off;
                sendfile on;
                tcp_nopush on;
                keepalive_requests 100000;
                default_type application/octet-stream;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                server {
                    listen 127.0.0.1:%d;
                    listen 127.0.0.1:%d ssl;
                    ssl_certificate certificate.pem;
                    ssl_certificate_key key.pem;
                    ssl_protocols TLSv1.3;
                    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
                    root "%s";
                }
            }
            """;

    private final Path work;
    private final int plainPort = freePort();
    private final int tlsPort = freePort();
    private final Thread end = new Thread(this::clear);
    private volatile Optional<Process> nginx = Optional.empty();

    private FileServer(Path work) {
        this.work = work;
        Runtime.getRuntime().addShutdownHook(end);
    }

    /** Why there can be none here; empty if there can. */
    static Optional<String> obstacle(Path directory, int mebibytes) {
        List<String> missing =
                TOOLS.stream().filter(tool -> tool(tool).isEmpty()).toList();
        if (!missing.isEmpty()) {
            return Optional.of("install first: " + String.join(" ", missing)
                    + " (Debian and Ubuntu: apt-get install nginx-light curl openssl; Fedora: dnf install nginx curl openssl;"
                    + " macOS: brew install nginx curl openssl)");
        }
        try {
            FileStore store = Files.getFileStore(directory);
            if (IN_MEMORY.contains(store.type())) {
                return Optional.of(directory + " is in memory, not on a disk; name another one with -Ddisk=DIR");
            }
            long free = store.getUsableSpace() / MEBIBYTE;
            return free >= mebibytes
                    ? Optional.empty()
                    : Optional.of(directory + " has " + free + " MiB free, and " + mebibytes
                            + " are needed; name another one with -Ddisk=DIR");
        } catch (IOException e) {
            return Optional.of(directory + " cannot be used: " + e);
        }
    }

    /** Not everybody has the directories of nginx in the path. */
    static Optional<String> tool(String name) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "") + File.pathSeparator + "/usr/sbin"
                + File.pathSeparator + "/usr/local/sbin";
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** Starts one with a file of so many MiB. */
    static FileServer start(Path directory, int mebibytes) throws IOException, InterruptedException {
        FileServer server = new FileServer(Files.createTempDirectory(directory, "downloads"));
        try {
            Files.createDirectory(server.served().getParent());
            Files.createDirectory(server.written());
            Files.createDirectory(server.settings());
            noise(server.served(), mebibytes);
            server.makeCertificate();
            server.startNginx();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    URI plain() {
        return URI.create("http://127.0.0.1:" + plainPort + "/" + FILE);
    }

    URI encrypted() {
        return URI.create("https://127.0.0.1:" + tlsPort + "/" + FILE);
    }

    /** Of the server, in PEM. */
    Path certificate() {
        return settings().resolve("certificate.pem");
    }

    /** The file itself. */
    Path served() {
        return work.resolve("served").resolve(FILE);
    }

    /** A directory to download to, on the same disk. */
    Path written() {
        return work.resolve("written");
    }

    private Path settings() {
        return work.resolve("nginx");
    }

    /** A file system may keep zeros for nothing; a cipher makes noise faster than the system's random numbers come. */
    private static void noise(Path file, int mebibytes) throws IOException {
        byte[] zeros = new byte[MEBIBYTE];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[16], "AES"), new IvParameterSpec(new byte[16]));
            for (int i = 0; i < mebibytes; i++) {
                ByteBuffer block = ByteBuffer.wrap(cipher.update(zeros));
                while (block.hasRemaining()) {
                    channel.write(block);
                }
            }
            // Or the system would write it while downloads are measured.
            channel.force(true);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void makeCertificate() throws IOException, InterruptedException {
        run(
                "openssl must be 1.1.1 or later",
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=IP:127.0.0.1,DNS:localhost",
                "-keyout",
                settings().resolve("key.pem").toString(),
                "-out",
                certificate().toString());
    }

    private void run(String hint, String... command) throws IOException, InterruptedException {
        Path said = settings().resolve("said");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(hint + ": " + Files.readString(said));
        }
    }

    private void startNginx() throws IOException, InterruptedException {
        Files.writeString(
                settings().resolve("nginx.conf"), CONFIGURATION.formatted(plainPort, tlsPort, served().getParent()));
        Path said = settings().resolve("said");
        Process process = new ProcessBuilder(
                        tool("nginx").orElseThrow(), "-p", settings() + File.separator, "-c", "nginx.conf")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        nginx = Optional.of(process);
        long begin = System.nanoTime();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new IOException(
                        "nginx does not start; it must be 1.19.4 or later, with TLS: " + Files.readString(said));
            }
            Thread.sleep(50);
        }
    }

    private boolean answers() {
        try (Socket tls = new Socket(InetAddress.getLoopbackAddress(), tlsPort)) {
            HttpURLConnection connection = (HttpURLConnection) plain().toURL().openConnection();
            connection.setRequestMethod("HEAD");
            return tls.isConnected() && connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook is at work.
        }
    }

    private void clear() {
        nginx.ifPresent(Process::destroyForcibly);
        nginx.ifPresent(process -> process.onExit().join());
        try (Stream<Path> all = Files.walk(work)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            System.err.println("Could not remove " + work + ": " + e);
        }
    }
}
