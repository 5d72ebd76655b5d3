package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.json.Json;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The way to tokens as capabilities. M48 */
class OAuthModuleTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String AUTHORIZE = "https://id.test/authorize?tenant=a";
    private static final String GRANTED =
            "{\"access_token\":\"a1\",\"refresh_token\":\"r2\",\"token_type\":\"Bearer\",\"expires_in\":\"3600\","
                    + "\"scope\":\"read\"}";

    @Test
    void sendsTheUserToTheServer() { // M48
        JsonNode answer = offline(
                settings -> settings.scopes("read", "write"),
                "get_authorization_url",
                "{'client_id':'app','redirect_uri':'https://app.test/back?x=1','state':'s 1'}");

        assertThat(answer.at("/response/authorization_url").stringValue()).startsWith(AUTHORIZE + "&");
        assertThat(query(answer.at("/response/authorization_url").stringValue()))
                .isEqualTo(Map.of(
                        "tenant", "a",
                        "response_type", "code",
                        "client_id", "app",
                        "redirect_uri", "https://app.test/back?x=1",
                        "scope", "read write",
                        "state", "s 1"));
        assertThat(answer.at("/response/state").stringValue()).isEqualTo("s 1");
        assertThat(answer.at("/response/code_verifier").isNull()).isTrue();
    }

    @Test
    void makesAStateAndAVerifierWhereThereIsNone() { // M48
        JsonNode one = offline(OAuthSettings::pkce, "get_authorization_url", "{'client_id':'app','scopes':['a']}");
        JsonNode two = offline(OAuthSettings::pkce, "get_authorization_url", "{'client_id':'app'}");

        String verifier = one.at("/response/code_verifier").stringValue();
        assertThat(verifier)
                .matches("[A-Za-z0-9_-]{43}")
                .isNotEqualTo(two.at("/response/code_verifier").stringValue());
        assertThat(one.at("/response/state").stringValue())
                .matches("[A-Za-z0-9_-]{43}")
                .isNotEqualTo(two.at("/response/state").stringValue());
        assertThat(query(one.at("/response/authorization_url").stringValue()))
                .containsEntry("scope", "a")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("code_challenge", OAuthModule.challenge(verifier));
        assertThat(query(two.at("/response/authorization_url").stringValue())).doesNotContainKey("scope");
    }

    /** RFC 7636, appendix B. */
    @Test
    void challengesAsTheStandardDoes() {
        assertThat(OAuthModule.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
                .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    @Test
    void getsTokensForACode() { // M48
        Asked asked = online(
                OAuthSettings::pkce,
                "handle_authorization_callback",
                "{'client_id':'app','client_secret':'s3cr3t','redirect_uri':'https://app.test/back','state':'s 1',"
                        + "'callback_url':'https://app.test/back?state=s+1&code=c%2F1#x','code_verifier':'v1'}",
                ok(GRANTED));

        assertThat(asked.body())
                .isEqualTo(Map.of(
                        "grant_type", "authorization_code",
                        "code", "c/1",
                        "redirect_uri", "https://app.test/back",
                        "code_verifier", "v1",
                        "client_id", "app",
                        "client_secret", "s3cr3t"));
        assertThat(asked.answer().get("response"))
                .isEqualTo(
                        json(
                                "{'access_token':'a1','refresh_token':'r2','token_type':'Bearer','expires_in':3600,'scope':'read'}"));
    }

    @Test
    void takesTheCodeByItself() {
        Asked asked = online(
                settings -> settings,
                "handle_authorization_callback",
                "{'client_id':'app','code':'c1'}",
                ok("{\"access_token\":\"a1\"}"));

        assertThat(asked.body())
                .isEqualTo(Map.of("grant_type", "authorization_code", "code", "c1", "client_id", "app"));
        assertThat(asked.answer().get("response"))
                .isEqualTo(json(
                        "{'access_token':'a1','refresh_token':null,'token_type':null,'expires_in':null,'scope':null}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'callback_url':'https://a/?code=c&state=other','state':'s' | bad_request | another 'state'",
                "'callback_url':'https://a/?code=c','state':'s' | bad_request | another 'state'",
                "'callback_url':'https://a/?error=access_denied&error_description=No%2C+thanks' | permission_denied | access_denied, \"No, thanks\"",
                "'callback_url':'https://a/?error=temporarily_unavailable' | service_error | temporarily_unavailable",
                "'callback_url':'https://a/?error=invalid_scope&error_description=a%0Ab' | bad_request | \"a\\nb\"",
                "'callback_url':'https://a/' | bad_request | has no 'code'",
                "'callback_url':'https://a/?code=%zz' | bad_request | not encoded",
                "'redirect_uri':'https://a/' | bad_request | 'callback_url' or 'code'",
                "'callback_url':'https://a/?code=c','code':'c' | bad_request | 'callback_url' or 'code'"
            })
    void refusesACallbackWithoutACode(String members, String code, String message) {
        JsonNode answer =
                offline(settings -> settings, "handle_authorization_callback", "{'client_id':'app'," + members + "}");

        assertThat(answer.at("/error/error_code").stringValue()).isEqualTo("acme." + code);
        assertThat(answer.at("/error/message").stringValue()).contains(message);
    }

    @Test
    void refreshesTokens() { // M48
        Asked asked = online(
                settings -> settings.scopes("read", "write").clientInHeader(),
                "refresh_access_token",
                "{'client_id':'a:b','client_secret':'s 1','refresh_token':'r1'}",
                ok(GRANTED));

        // RFC 6749 §2.3.1: a%3Ab:s+1
        assertThat(asked.request().headers("Authorization")).containsExactly("Basic YSUzQWI6cysx");
        assertThat(asked.body()).isEqualTo(Map.of("grant_type", "refresh_token", "refresh_token", "r1"));
        assertThat(asked.answer().at("/response/refresh_token").stringValue()).isEqualTo("r2");
    }

    @Test
    void getsTokensForTheApplication() { // M48
        Asked asked = online(
                settings -> settings.with("handle_client_credentials_request")
                        .scopes("read")
                        .parametersAsJson(),
                "handle_client_credentials_request",
                "{'client_id':'app','client_secret':'s3cr3t'}",
                ok(GRANTED));

        assertThat(asked.request().headers("Content-Type")).containsExactly("application/json");
        assertThat(json(asked.request().body()))
                .isEqualTo(json("{'grant_type':'client_credentials','scope':'read','client_id':'app',"
                        + "'client_secret':'s3cr3t'}"));
    }

    @Test
    void putsParametersIntoTheQuery() { // M48
        Asked asked = online(
                OAuthSettings::parametersInQuery,
                "refresh_access_token",
                "{'client_id':'app','refresh_token':'r1','scopes':['a','b']}",
                ok(GRANTED));

        assertThat(asked.request().body()).isEmpty();
        assertThat(query(asked.request().uri()))
                .isEqualTo(Map.of(
                        "grant_type", "refresh_token", "refresh_token", "r1", "client_id", "app", "scope", "a b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\":\"invalid_grant\",\"error_description\":\"r1-r1 is used\"} | unauthorized | /token granted nothing (status 400, invalid_grant, \"••• is used\")",
                "200 | {\"error\":\"invalid_scope\"} | bad_request | granted nothing (status 200, invalid_scope)",
                "401 | nothing | unauthorized | granted nothing (status 401)",
                "403 | {} | permission_denied | status 403",
                "429 | {} | rate_limit | status 429",
                "503 | {} | service_error | status 503",
                "307 | {} | api_error | status 307",
                "200 | {} | bad_gateway | /token answered without an 'access_token'",
                "200 | nothing | bad_gateway | /token answered without an 'access_token'"
            })
    void saysWhyThereAreNoTokens(int status, String body, String code, String message) {
        Asked asked = online(
                settings -> settings,
                "refresh_access_token",
                "{'client_id':'app','client_secret':'s3cr3t','refresh_token':'r1-r1'}",
                reply(status, "Location: /elsewhere\r\nRetry-After: 7\r\n", body));

        JsonNode error = asked.answer().get("error");
        assertThat(error.get("error_code").stringValue()).isEqualTo("acme." + code);
        assertThat(error.get("message").stringValue()).contains(message).doesNotContain("s3cr3t", "r1-r1");
        assertThat(error.get("status_code").intValue()).isEqualTo(status);
    }

    @Test
    void hasTheCapabilitiesThatTheSettingsSay() { // M48
        OAuthSettings users = OAuthSettings.code(AUTHORIZE, "https://id.test/token");

        assertThat(names(users))
                .containsExactly("get_authorization_url", "handle_authorization_callback", "refresh_access_token");
        assertThat(names(users.without("get_authorization_url").with("handle_client_credentials_request")))
                .containsExactly(
                        "handle_authorization_callback", "handle_client_credentials_request", "refresh_access_token");
        assertThat(names(OAuthSettings.clientCredentials("https://id.test/token")))
                .containsExactly("handle_client_credentials_request");
    }

    private static List<String> names(OAuthSettings settings) {
        try (OAuthModule module = OAuthModule.of(settings)) {
            return integration(module).capabilities().stream()
                    .map(Capability::name)
                    .toList();
        }
    }

    @Test
    void givesWayToACapabilityOfTheIntegration() { // M48
        try (OAuthModule module = OAuthModule.of(OAuthSettings.code(AUTHORIZE, "https://id.test/token"))) {
            Integration own = Integration.builder("acme")
                    .module(module)
                    .capability(
                            "get_authorization_url",
                            OAuthModule.AuthorizationUrlInput.class,
                            OAuthModule.AuthorizationUrl.class,
                            (request, context) -> Mono.just(CapabilityResponse.of(
                                    new OAuthModule.AuthorizationUrl("https://own.test", "s", null))))
                    .build();

            assertThat(dispatch(own, "get_authorization_url", "{'client_id':'app'}")
                            .at("/response/authorization_url")
                            .stringValue())
                    .isEqualTo("https://own.test");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/token", "ftp://id.test/token", "https://id.test/token#x", "https://u:p@id.test/", "a b"})
    void refusesWhatIsNoUrl(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> OAuthSettings.clientCredentials(url));
        assertThatIllegalArgumentException().isThrownBy(() -> OAuthSettings.code(url, "https://id.test/token"));
    }

    @Test
    void refusesCapabilitiesThatItDoesNotKnow() {
        OAuthSettings settings = OAuthSettings.clientCredentials("https://id.test/token");

        assertThatIllegalArgumentException().isThrownBy(() -> settings.with("log_in"));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.with("get_authorization_url"));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.without("refresh_access_token"));
    }

    @Test
    void printsNoToken() {
        assertThat(new OAuthModule.Tokens("a1-secret", "r1-secret", "Bearer", 7L, "read").toString())
                .contains("Bearer")
                .doesNotContain("secret");
        assertThat(new OAuthModule.AuthorizationUrl("https://h/?code_challenge=x", "s", "v-secret").toString())
                .doesNotContain("secret");
    }

    /** What was sent, and what came of it. */
    private record Asked(RecordedRequest request, JsonNode answer) {

        Map<String, String> body() {
            return query("?" + request.body());
        }
    }

    private static JsonNode offline(UnaryOperator<OAuthSettings> change, String capability, String input) {
        try (OAuthModule module =
                OAuthModule.of(change.apply(OAuthSettings.code(AUTHORIZE, "https://id.test/token")))) {
            return dispatch(integration(module), capability, input);
        }
    }

    private static Asked online(UnaryOperator<OAuthSettings> change, String capability, String input, Reply reply) {
        try (RawServer server = RawServer.replies(reply).start();
                OAuthModule module =
                        OAuthModule.of(change.apply(OAuthSettings.code(AUTHORIZE, server.url() + "/token")))) {
            JsonNode answer = dispatch(integration(module), capability, input);
            assertThat(server.requests()).hasSize(1);
            return new Asked(server.requests().get(0), answer);
        }
    }

    private static Integration integration(OAuthModule module) {
        return Integration.builder("acme").module(module).build();
    }

    private static JsonNode dispatch(Integration integration, String capability, String input) {
        String answer = integration
                .dispatch(capability, "{\"request\":" + input.replace('\'', '"') + "}")
                .block(SOON);
        assertThat(answer).isNotNull();
        return Json.tree(answer);
    }

    private static Reply ok(String body) {
        return reply(200, "", body);
    }

    private static Reply reply(int status, String headers, String body) {
        return Reply.bytes("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    private static Map<String, String> query(String url) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : URI.create(url).getRawQuery().split("&", -1)) {
            String[] parts = pair.split("=", 2);
            parameters.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"'));
    }
}
