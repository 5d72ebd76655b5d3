package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.auth.Auth;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The kinds of credentials. M14, M45 */
class CredentialKindsTest {

    private static final Secret SECRET = Secret.of("hunter2");

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of("basic", new Credentials.Basic("ann", SECRET)),
                Arguments.of("token", new Credentials.Token(SECRET)),
                Arguments.of("oauth", new Credentials.OAuth(SECRET, SECRET, "read write")),
                Arguments.of(
                        "oauth_client_credentials",
                        new Credentials.OAuthClientCredentials("app", SECRET, List.of("read"))),
                Arguments.of("jwt", new Credentials.Jwt(Map.of("alg", "HS256"), Map.of("iss", "app"), SECRET)),
                Arguments.of(
                        "service_account",
                        new Credentials.ServiceAccount(
                                "a@b.iam", SECRET, "k1", "7", "p", null, null, null, null, null)),
                Arguments.of("key_pair", new Credentials.KeyPair("public", SECRET)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void haveAModelAndNeverPrintTheirSecret(String model, Credentials credentials) { // M45
        assertThat(credentials.model()).isEqualTo(model);
        assertThat(credentials.toString()).contains("•••").doesNotContain("hunter2");
        assertThat(Json.writeText(credentials)).contains("•••").doesNotContain("hunter2");
        assertThat(CredentialModel.of(credentials.getClass()).secretsOf(credentials))
                .isNotEmpty()
                .containsOnly(SECRET);
    }

    @Test
    void signWhereTheyAreEnough() { // M14
        assertThat(signed(new Credentials.Basic("ann", SECRET))).isEqualTo("Basic YW5uOmh1bnRlcjI=");
        assertThat(signed(new Credentials.Token(SECRET))).isEqualTo("Bearer hunter2");
        assertThat(signed(new Credentials.OAuth(SECRET, null, null))).isEqualTo("Bearer hunter2");
    }

    private static String signed(Credentials credentials) {
        Auth auth = credentials.auth().orElseThrow();
        return auth.sign(Request.get("https://h/x"))
                .map(request -> request.headers().first("Authorization").orElseThrow())
                .blockOptional()
                .orElseThrow();
    }

    @Test
    void doNotSignWhereMoreIsNeeded() {
        assertThat(kinds().map(kind -> (Credentials) kind.get()[1])
                        .filter(credentials -> credentials.auth().isEmpty())
                        .map(Credentials::model))
                .containsExactly("oauth_client_credentials", "jwt", "service_account", "key_pair");
    }

    @Test
    void refuseANameWithAColon() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Credentials.Basic("a:b", SECRET))
                .withMessage("username must not hold a colon (RFC 7617 §2)");
    }

    @Test
    void areReadByTheirNamesInJson() { // M45
        Map<String, String> account = Map.of(
                "type", "service_account",
                "client_email", "a@b.iam",
                "private_key", "hunter2",
                "client_x509_cert_url", "https://c");

        assertThat(Json.read(Json.toTree(account), Credentials.ServiceAccount.class))
                .isEqualTo(new Credentials.ServiceAccount(
                        "a@b.iam", SECRET, null, null, null, null, null, null, "https://c", null));
        assertThat(Json.read(Json.tree("{\"secret\":\"hunter2\",\"claims\":{\"a\":null}}"), Credentials.Jwt.class)
                        .claims())
                .containsEntry("a", null);
        assertThat(Json.read(
                                Json.tree("{\"client_id\":\"a\",\"client_secret\":\"hunter2\"}"),
                                Credentials.OAuthClientCredentials.class)
                        .scopes())
                .isEmpty();
    }
}
