package dev.headrace.cli;

import dev.headrace.http.Body;
import dev.headrace.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Method and body of a request. */
final class BodyOptions {

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "Default GET, or POST with --data.")
    private @Nullable String method;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "TEXT|@FILE|-",
            description = "The body: this text, the bytes of a file, or those of standard input.")
    private @Nullable String data;

    @Option(names = "--json", description = "The body is JSON: sends it with the content type application/json.")
    private boolean json;

    /** The request of these and of what every request has. */
    Request request(RequestOptions options, InputStream stdin) {
        if (json && data == null) {
            throw new IllegalArgumentException("--json says what --data is; give --data as well");
        }
        Request request = options.request(method != null ? method : data == null ? "GET" : "POST");
        return data == null ? request : request.body(body(data, stdin));
    }

    private Body body(String data, InputStream stdin) {
        if (!data.equals("-") && !data.startsWith("@")) {
            return json ? Body.bytes(data.getBytes(StandardCharsets.UTF_8), "application/json") : Body.text(data);
        }
        return Body.bytes(read(data, stdin), json ? "application/json" : "application/octet-stream");
    }

    private static byte[] read(String data, InputStream stdin) {
        try {
            return data.equals("-") ? stdin.readAllBytes() : Files.readAllBytes(Path.of(data.substring(1)));
        } catch (IOException e) {
            throw new IllegalArgumentException("--data names what cannot be read: " + data, e);
        }
    }
}
