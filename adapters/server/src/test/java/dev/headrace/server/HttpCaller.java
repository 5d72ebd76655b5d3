package dev.headrace.server;

import dev.headrace.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** Somebody else's client. Blocks. */
final class HttpCaller {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI server;

    HttpCaller(RunningServer server) {
        this.server = server.uri();
    }

    /** With the token of the tests. */
    HttpRequest.Builder request(String path) {
        return anonymous(path).header("Authorization", "Bearer " + Acme.TOKEN);
    }

    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(30));
    }

    HttpRequest.Builder posting(String path, BodyPublisher body) {
        return request(path).header("Content-Type", "application/json").POST(body);
    }

    HttpResponse<String> get(String path) {
        return send(request(path));
    }

    HttpResponse<String> post(String path, String json) {
        return send(posting(path, BodyPublishers.ofString(json)));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("No answer: " + e, e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return Json.tree(response.body());
    }

    /** What an envelope's error says, in short: {@code acme.bad_request in acme:server}. */
    static String error(HttpResponse<String> response) {
        JsonNode envelope = json(response);
        JsonNode error = envelope.path("error");
        if (!envelope.path("response").isNull()
                || !envelope.path("raw_data").isNull()
                || !envelope.path("page").isNull()) {
            throw new AssertionError("No envelope of a failure: " + envelope);
        }
        return error.path("error_code").stringValue() + " in "
                + error.path("raised_in").stringValue();
    }
}
