package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ARCHITECTURE rule 10; row A54. */
class SecretsNeverPrintTest {

    private static final String SECRET = "hunter2";

    @Test
    void asASecret() {
        assertThat(Secret.of(SECRET)).hasToString("•••");
        assertThat(String.valueOf(new Object[] {Secret.of(SECRET)}[0])).doesNotContain(SECRET);
    }

    @Test
    void asADocument() {
        Request request = Request.get("https://h/x").query("q", Secret.of(SECRET));

        assertThat(request.redacted(Json.tree("{\"a\":[\"x\\nhunter2\",1],\"hunter2\":null,\"token\":5,\"b\":true}")))
                .isEqualTo(Json.tree("{\"a\":[\"x\\n•••\",1],\"•••\":null,\"token\":\"•••\",\"b\":true}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "authorization",
                "Proxy-Authorization",
                "Cookie",
                "Set-Cookie",
                "X-API-Key",
                "x-api-key",
                "Api-Key",
                "X-Auth-Token",
                "X-Amz-Security-Token",
                "X-Vault-Token",
                "Ocp-Apim-Subscription-Key",
                "X-CSRF-Token",
                "PRIVATE-TOKEN",
                "X-Functions-Key",
                "DD-APPLICATION-KEY",
                "X-Auth"
            })
    void asAHeader(String name) {
        Request request = Request.get("https://h/x").header(name, SECRET);

        assertThat(request.toString()).contains("•••").doesNotContain(SECRET);
        assertThat(request.headers().toString()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access_token",
                "api_key",
                "apikey",
                "key",
                "token",
                "client_secret",
                "sig",
                "signature",
                "X-Amz-Signature",
                "X-Amz-Credential",
                "password",
                "code",
                "api%5Fkey",
                "refresh_token",
                "id_token"
            })
    void asAQueryValue(String name) {
        Request request = Request.get("https://h/x?a=1&" + name + "=" + SECRET + "&b=2");

        assertThat(request.describe()).isEqualTo("GET https://h/x?a=1&" + name + "=•••&b=2");
        assertThat(Redactor.uri(URI.create("https://h/?" + name + "=" + SECRET)))
                .doesNotContain(SECRET);
    }

    @Test
    void asAQueryValueGivenAsSecretWhateverItsName() {
        Request request = Request.get("https://h/x").query("q", Secret.of(SECRET));

        assertThat(request.uri()).hasToString("https://h/x?q=" + SECRET);
        assertThat(request.toString()).doesNotContain(SECRET);
    }

    @Test
    void afterTheTargetWasMadeAbsoluteNorInWhatIsSaidOfTheResponse() {
        Request request = Request.get("/x/{key}")
                .with("key", Secret.of(SECRET))
                .query("q", Secret.of(SECRET))
                .against(URI.create("https://h/v1"));
        Response response = Response.of(request, 200, Headers.none(), new byte[10]);

        assertThat(request.uri()).hasToString("https://h/v1/x/" + SECRET + "?q=" + SECRET);
        assertThat(request.describe()).isEqualTo("GET https://h/v1/x/•••?q=•••");
        assertThat(request.query("a", 1).uri()).hasToString("https://h/v1/x/" + SECRET + "?q=" + SECRET + "&a=1");
        assertThat(request.query("a", 1).describe()).isEqualTo("GET https://h/v1/x/•••?q=•••&a=1");
        assertThat(response.toString()).doesNotContain(SECRET);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> response.readAll(5).block()))
                .hasMessageNotContaining(SECRET)
                .hasMessageContaining("larger than 5 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "https://user:hunter2@h/x, https://•••@h/x",
        "https://hunter2@h, https://•••@h",
        "https://h/x#access_token=hunter2, https://h/x",
        "https://h/x?page=2&pageToken=abc, https://h/x?page=2&pageToken=abc",
        "/x@y, /x@y"
    })
    void inAUri(String uri, String printed) {
        assertThat(Redactor.uri(uri)).isEqualTo(printed);
    }

    @Test
    void inAFailure() {
        Request request =
                Request.get("https://user:hunter2@h/x?token=hunter2").header("Authorization", "Bearer " + SECRET);
        Response response = Response.of(request, 401, Headers.of("Set-Cookie", "sid=" + SECRET), new byte[0]);

        HttpStatusException failure =
                HttpStatusException.from(request, response).block();

        assertThat(failure).isNotNull();
        assertThat(failure.toString() + failure.getMessage() + response)
                .doesNotContain(SECRET)
                .contains("401");
    }

    @Test
    void inARefusedTarget() {
        try {
            Request.get("https://h:port/x?token=" + SECRET).uri();
        } catch (IllegalArgumentException e) {
            assertThat(e.toString()).doesNotContain(SECRET);
            assertThat(e.getCause()).isNull();
        }
    }

    /** What ends an authority ends a password that nobody encoded. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:p?hunter2@h/",
                "http://user:hunter2#x@h/a?b=c",
                "http://user:hunter2?x@h",
                "http://user:hunter2/x?y@h/",
                "http://h/a?next=http://user:hunter2@h/",
                "http://user:hunter2@h/"
            })
    void asAPasswordThatTearsAUri(String uri) {
        assertThat(Redactor.uri(uri)).contains("•••@h").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h:80/users/@me",
                "http://h/a:b@c",
                "http://[2001:db8::1]:80/@me",
                "http://[2001:db8::1]/@me",
                "http://h:port/a",
                "/a?next=b:c@d",
                "http://h/x?t=12:30&m=a@b"
            })
    void butNotWhatLooksLikeOne(String uri) {
        assertThat(Redactor.uri(uri)).isEqualTo(uri);
    }
}
