package dev.headrace.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** The plainest of clients. */
final class Client {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Client() {}

    static HttpResponse<String> get(URI uri, String... headers) throws IOException, InterruptedException {
        return HTTP.send(request(uri, headers), HttpResponse.BodyHandlers.ofString());
    }

    static HttpResponse<String> send(String method, URI uri, String body, String... headers)
            throws IOException, InterruptedException {
        return HTTP.send(request(method, uri, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    static HttpRequest request(String method, URI uri, String body, String[] headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    static HttpResponse<byte[]> sendForBytes(String method, URI uri, String body, String... headers)
            throws IOException, InterruptedException {
        return HTTP.send(request(method, uri, body, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    static HttpResponse<String> post(URI uri, String body, String... headers) throws IOException, InterruptedException {
        return send("POST", uri, body, headers);
    }

    static HttpResponse<byte[]> bytes(URI uri, String... headers) throws IOException, InterruptedException {
        return HTTP.send(request(uri, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    static HttpRequest request(URI uri, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    /** Sends text over a new socket and reads until the server closes. */
    static String exchange(LocalServer server, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Sends text over a new socket and reads until the server has been silent for a while. */
    static String exchangeUntilSilence(LocalServer server, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(200);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder read = new StringBuilder();
            try {
                for (int next = socket.getInputStream().read();
                        next >= 0;
                        next = socket.getInputStream().read()) {
                    read.append((char) next);
                }
                return read + "<closed>";
            } catch (SocketTimeoutException silence) {
                return read.toString();
            }
        }
    }
}
