package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class FakeTokenEndpointTest {

    private static final String REFRESH_R1 = "grant_type=refresh_token&refresh_token=r1";

    @Test
    void takesARefreshTokenOnceAndGivesTheNext() throws Exception {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().rotating("r1");
        try (TestServer server = tokens.start()) {
            assertThat(ask(server, REFRESH_R1).body()).isEqualTo("""
                            {"access_token":"a1","token_type":"Bearer","expires_in":3600,"refresh_token":"r1-2"}""");
            assertThat(ask(server, REFRESH_R1).body()).contains("\"error\":\"invalid_grant\"");
            assertThat(ask(server, REFRESH_R1 + "-2").body()).contains("\"a2\"", "\"r1-3\"");
            assertThat(tokens.requests()).isEqualTo(3);
            assertThat(tokens.issued()).isEqualTo(2);
            assertThat(tokens.mostAtOnce()).isEqualTo(1);
        }
    }

    @Test
    void knowsItsClientByPasswordAndByParameters() throws Exception {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().client("id", "s:1");
        String grant = "grant_type=client_credentials";
        try (TestServer server = tokens.start()) {
            assertThat(ask(server, grant).statusCode()).isEqualTo(401);
            assertThat(ask(server, grant + "&client_id=id&client_secret=s%3A1").statusCode())
                    .isEqualTo(200);
            // id:s%3A1
            assertThat(ask(server, grant, "Authorization", "Basic aWQ6cyUzQTE=").statusCode())
                    .isEqualTo(200);
            assertThat(ask(server, grant, "Authorization", "Basic eDp5").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void guardsAnApiUntilItsTokensAreRevoked() throws Exception {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing();
        try (TestServer server = TestServer.builder()
                .route("/token", tokens)
                .route("/api", tokens.guarding(Route.fixed(200, "text/plain", "in")))
                .start()) {
            assertThat(Client.get(server.uri("/api")).statusCode()).isEqualTo(401);
            assertThat(Client.get(server.uri("/api"), "Authorization", "Bearer a1")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(post(server.uri("/token"), "grant_type=client_credentials")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Client.get(server.uri("/api"), "Authorization", "Bearer a1")
                            .body())
                    .isEqualTo("in");
            tokens.revoke();
            assertThat(Client.get(server.uri("/api"), "Authorization", "Bearer a1")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void failsAsOftenAsItWasTold() throws Exception {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing()
                .withoutExpiresIn()
                .failing(429, "slow_down")
                .header("Retry-After", "3")
                .once();
        try (TestServer server = tokens.start()) {
            HttpResponse<String> refused = ask(server, "grant_type=client_credentials");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("3");
            assertThat(ask(server, "grant_type=client_credentials").body())
                    .isEqualTo("{\"access_token\":\"a1\",\"token_type\":\"Bearer\"}");
            assertThat(ask(server, "grant_type=password").body()).contains("unsupported_grant_type");
        }
    }

    private static HttpResponse<String> ask(TestServer server, String form, String... headers) throws Exception {
        return post(server.uri("/token"), form, headers);
    }

    private static HttpResponse<String> post(URI uri, String form, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
