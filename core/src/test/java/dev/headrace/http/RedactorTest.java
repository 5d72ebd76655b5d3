package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.headrace.json.Json;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows R67 and A54: which names are secret, and that no form of text gives their values away. */
class RedactorTest {

    private static final String SECRET = "hunter2";

    @ParameterizedTest
    @ValueSource(strings = {"\u212Aey", "api\u212Aey", "s\u0130d", "x-\u212Aey", "_token_", "t-o-k-e-n", "\u00e9 pwd"})
    void looksAtLettersOnlyAndAtNoCase(String name) {
        assertThat(Redactor.isSecretName(name)).isTrue();
        assertThat(Redactor.isSecretName(name.toUpperCase(Locale.ROOT))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "e", "key_", "Page-Token", "next page token", "tokentype", "MAX_TOKENS", "sort_key"})
    void knowsWhatIsHarmless(String name) {
        assertThat(Redactor.isSecretName(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization",
                "Proxy-Authorization",
                "api key",
                "api_key",
                "apiKey",
                "api-key",
                "auth token",
                "auth_token",
                "bearer token",
                "bearerToken",
                "oauth token",
                "oauth_token",
                "access token",
                "access_token",
                "accessToken",
                "refresh token",
                "refresh_token",
                "x-api-key",
                "X-Auth-Token",
                "secret",
                "client_secret",
                "password",
                "PASSWORD",
                "db.password",
                "passwd",
                "pwd",
                "user_pwd",
                "private key",
                "private_key",
                "privateKey",
                "session id",
                "session_id",
                "sessionId",
                "csrf token",
                "csrf",
                "X-CSRF-Token",
                "jwt",
                "X-JWT-Assertion",
                "cookie",
                "set-cookie",
                "signature",
                "X-Hub-Signature-256",
                "sig",
                "url_sig",
                "code"
            })
    void knowsTheName(String name) {
        assertThat(Redactor.isSecretName(name)).isTrue();
        assertThat(Redactor.value(name, SECRET)).isEqualTo("•••");
        assertHidden(name + ": " + SECRET);
        assertHidden(name + "=" + SECRET);
        assertHidden(name + " = " + SECRET);
        assertHidden("{\"" + name + "\":\"" + SECRET + "\"}");
        assertHidden("{ \"" + name + "\" : \"" + SECRET + "\", \"a\": 1 }");
        assertHidden("{'" + name + "': '" + SECRET + "'}");
        assertHidden("a=1&" + name.replace(" ", "_") + "=" + SECRET + "&b=2");
        assertHidden("see https://h/x?" + name.replace(" ", "%20") + "=" + SECRET + ", please");
        assertHidden("{\"outer\":\"{\\\"" + name + "\\\":\\\"" + SECRET + "\\\"}\"}");
        assertHidden("A: b\r\n" + name + ": " + SECRET + " and " + SECRET + "\r\nC: d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page",
                "pageToken",
                "next_token",
                "token_type",
                "total_tokens",
                "status",
                "message",
                "design",
                "author"
            })
    void leavesOtherNamesAlone(String name) {
        assertThat(Redactor.isSecretName(name)).isFalse();
        assertThat(Redactor.text("{\"" + name + "\":\"x\"}")).isEqualTo("{\"" + name + "\":\"x\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"password\":\"hunter2\",\"a\":\"kept\"}",
                "{\"password\":\"hun\\\"ter2 hunter2\",\"a\":\"kept\"}",
                "{\"password\":\"hunter2\\\\\",\"a\":\"kept\"}",
                "{\"token\":123,\"access_token\" : \n\"hunter2\",\"a\":\"kept\"}",
                "{\"a\":\"kept\",\"credentials\":{\"user\":\"hunter2\",\"list\":[\"}\",\"hunter2\"]}}",
                "{\"a\":\"kept\",\"tokens\":[\"x]\",\"hunter2\"],\"b\":2}",
                "[{\"a\":\"kept\"},{\"secret\":\"hunter2\"},{\"pwd\":\"hunter2\"}]",
                "{\"a\":\"kept\",\"access\\u005ftoken\":\"hunter2\"}",
                "{\"a\":\"kept\",\"inner\":\"{\\\"password\\\":\\\"hun\\\\\\\"ter2 hunter2\\\",\\\"b\\\":1}\"}",
                "{\"a\":\"kept\",\"text\":\"first\\nAuthorization: Bearer hunter2\\nlast\"}",
                "{\"a\":\"kept\",\"text\":\"first\\npwd: hunter2 hunter2\"}",
                "{\"a\":\"kept\",\"url\":\"https:\\/\\/user:hunter2@h\\/x\"}",
                "{\"a\":\"kept\",\"url\":\"https://user:hunter2@h/x?sig=hunter2&b=1\"}",
                "a=kept&password=hunter2&b=1",
                "a=kept&api%5Fkey=hunter2",
                "a=kept&h=Bearer%20hunter2",
                "a=kept&h=Bearer+hunter2",
                "kept Bearer hunter2 failed",
                "kept: basic  hunter2==",
                "kept, then Authorization: Digest username=\"u\", response=hunter2",
                "kept\nCookie: a=hunter2; b=hunter2",
                "kept\npassword=hunter2 \"hunter2\"",
                "kept: the api key: hunter2",
                "kept, password: hunter2, and more",
                "kept; token = 'hunter2'",
                "kept Connector{secret=hunter2}",
                "<a>kept</a><password>hunter2</password>",
                "<a>kept</a><n:Password type=\"x\">hunter2</n:Password>",
                "<a>kept</a><token><![CDATA[hunter2]]></token>",
                "<a password=\"hunter2\">kept</a>",
                "kept eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2-signature",
                "kept ftp://hunter2@h",
                "{\"a\":\"kept\",\"password\":\"hunter2",
                "{\"a\":\"kept\",\"password\":[\"hunter2",
                "{\"a\":\"kept\",\"password\":hunter2"
            })
    void hidesTheSecretAndKeepsTheRest(String text) {
        assertThat(Redactor.text(text)).contains("kept", "•••").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"b\":[true,null,\"x\"]}",
                "Basic authentication failed: the user is unknown",
                "Bearer realm=\"api\"",
                "Error code: 17 happened",
                "Bearer token is missing",
                "{\"password\":null,\"token\":false}",
                "status=500&page=2",
                "https://h:8080/x?page=2#top",
                "a@b.example wrote to c@d.example",
                "",
                "\\",
                "token",
                "token:",
                "password=",
                "ünïcödé • 漢字"
            })
    void leavesHarmlessTextAsItIs(String text) {
        assertThat(Redactor.text(text)).isEqualTo(text);
    }

    @Test
    void letsNobodyForgeALineOrSteerATerminal() {
        String hostile = "a\r\n2026 INFO all is well\u001b[2J\u0007\u0000\u0085\u009b\u2028\u202e\u200b\ttab";

        assertThat(Redactor.text(hostile))
                .isEqualTo(
                        "a\\r\\n2026 INFO all is well\\u001b[2J\\u0007\\u0000\\u0085\\u009b\\u2028\\u202e\\u200b\\ttab");
        assertThat(Redactor.uri("https://h/\u001b[2J?a=\r\n")).isEqualTo("https://h/\\u001b[2J?a=\\r\\n");
        assertThat(new Headers.Builder().addReceived("X-A", "\u001b[2J").build())
                .hasToString("[X-A: \\u001b[2J]");
    }

    @Test
    void looksIntoHeaderValuesAsWell() {
        assertThat(Headers.of("Location", "https://u:hunter2@h/cb?code=hunter2&state=1"))
                .hasToString("[Location: https://•••@h/cb?code=•••&state=1]");
    }

    @Test
    void leavesAMessageReadable() {
        assertThat(Redactor.text("Invalid token: expired yesterday, log in again"))
                .isEqualTo("Invalid token: ••• yesterday, log in again");
    }

    @Test
    void masksAPasswordWithASlashInIt() {
        assertThat(Redactor.uri("https://user:hun/hunter2@h/x")).doesNotContain("hun");
        assertThat(Redactor.uri("https://h:80/@x")).isEqualTo("https://h:80/@x");
        assertThat(Redactor.uri("https://[::1]/@x")).isEqualTo("https://[::1]/@x");
        assertThat(Redactor.uri("https://[::1]:80/@x")).isEqualTo("https://[::1]:80/@x");
    }

    @Test
    void neverFailsWhateverTheText() {
        String[] pieces = {
            "\"",
            "'",
            "\\",
            "\\\"",
            "\\\\\"",
            "{",
            "}",
            "[",
            "]",
            ":",
            "=",
            "&",
            ",",
            "<",
            ">",
            "/",
            "://",
            "@",
            "%",
            "%7",
            "\\u",
            "\\u00",
            "\\u0061",
            "token",
            "password",
            "code",
            "Bearer",
            "Basic",
            "Cookie",
            " ",
            "\n",
            "\r",
            "\t",
            "<![CDATA[",
            "]]>",
            "eyJ",
            ".",
            "\ud83d",
            "\u0000",
            "x",
            "api",
            "key",
            "\\n",
            "n:",
            "?",
            "#"
        };
        Random random = new Random(17);
        int rounds = Boolean.getBoolean("headrace.soak") ? 200_000 : 20_000;
        for (int round = 0; round < rounds; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }

            assertThat(Redactor.text(text.toString())).doesNotContain("\n", "\r", "\u0000");
            assertThat(Redactor.uri(text.toString())).doesNotContain("\n", "\r");
        }
    }

    @Test
    void neverShowsASecretFieldOfDocumentsNestedInStrings() {
        Random random = new Random(4);
        for (int round = 0; round < 2_000; round++) {
            String document = "{\"a\":1,\"password\":" + Json.writeText("x\"\\" + SECRET + "\\\"y")
                    + ",\"b\":{\"token\":\"" + SECRET + "\"}}";
            for (int depth = random.nextInt(4); depth > 0; depth--) {
                document = "{\"kept\":" + Json.writeText(document) + "}";
            }

            assertThat(Redactor.text(document)).doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"",
                "\\",
                "\\\"",
                "{",
                "[",
                "token",
                "token ",
                "a:token ",
                "<token ",
                "<n:token ",
                "token=",
                "token:",
                "token\"",
                "\"token\":[",
                "\"token\":\"\\",
                "://",
                "http://a@",
                "Bearer ",
                "Bearer+",
                "<![CDATA[",
                "<token><![CDATA[",
                "eyJ.",
                "eyJ.......................... ",
                "%70",
                "\\u0061",
                " ",
                "Cookie: ",
                "\n",
                "key ",
                "'token':",
                "code:",
                "token\\\\\\"
            })
    void takesTimeInProportionToTheLength(String piece) {
        String text = piece.repeat(500_000 / piece.length());

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Redactor.text(text));
    }

    private static void assertHidden(String text) {
        assertThat(Redactor.text(text)).contains("•••").doesNotContain(SECRET);
    }
}
