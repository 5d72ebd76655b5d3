package dev.headrace.decode;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.nio.charset.StandardCharsets;

/** Responses with a body and nothing else. */
final class Responses {

    private Responses() {}

    static Response of(String body) {
        return of(body.getBytes(StandardCharsets.UTF_8));
    }

    static Response of(byte[] body) {
        return Response.of(Request.get("https://api.example.com/issues"), 200, Headers.none(), body);
    }
}
