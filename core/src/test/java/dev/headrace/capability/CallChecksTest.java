package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.json.SchemaField;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is checked before a capability is called, and in which order. */
class CallChecksTest {

    record Settings(
            String subdomain, @SchemaField(secret = true) String key, int port) {}

    record Ask(int limit, List<String> names) {}

    record Answer(String text) {}

    private static final Integration ACME = Integration.builder("acme")
            .credentials(Credentials.Basic.class)
            .settings(Settings.class)
            .capability(
                    "list_accounts",
                    Ask.class,
                    Answer.class,
                    (request, context) -> Mono.just(CapabilityResponse.of(new Answer(
                            context.credentials(Credentials.Basic.class).username() + " "
                                    + context.settings(Settings.class).subdomain() + " "
                                    + request.input().limit()))))
            .build();

    private static JsonNode error(String json) {
        return Json.tree(Objects.requireNonNull(
                        ACME.dispatch("list_accounts", json).block()))
                .path("error");
    }

    private static final String AUTH = "\"auth\":{\"username\":\"ada\",\"password\":\"hunter2\"}";
    private static final String SETTINGS = "\"settings\":{\"subdomain\":\"acme\",\"key\":\"k3y-k3y\",\"port\":1}";
    private static final String REQUEST = "\"request\":{\"limit\":3}";

    @Test
    void callsWhenAllIsRight() {
        assertThat(ACME.dispatch("list_accounts", "{" + AUTH + "," + SETTINGS + "," + REQUEST + "}")
                        .block())
                .contains("\"text\":\"ada acme 3\"");
    }

    @ParameterizedTest(name = "{index}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "``; There is no document",
                "`   `; There is no document",
                "{; no JSON",
                "[]; no JSON object",
                "null; no JSON object",
                "{\"request\":{\"limit\":3}}; auth",
                "{\"auth\":7,\"request\":{\"limit\":3}}; auth",
                "{\"auth\":{\"username\":\"ada\",\"password\":\"p\"},\"credentials\":[]}; credentials",
            })
    void saysWhatIsMissing(String json, String message) { // M50
        JsonNode error = error(json);

        assertThat(error.path("error_code").stringValue()).isEqualTo("acme.bad_request");
        assertThat(error.path("status_code").intValue()).isEqualTo(400);
        assertThat(error.path("message").stringValue()).contains(message);
        assertThat(error.path("raised_in").stringValue()).isEqualTo("acme:list_accounts");
    }

    @Test
    void checksCredentialsThenSettingsThenTheRequest() { // M42, M50
        assertThat(error("{\"request\":7,\"settings\":7}").path("message").stringValue())
                .contains("auth");
        assertThat(error("{" + AUTH + ",\"request\":7,\"settings\":7}")
                        .path("message")
                        .stringValue())
                .contains("'settings'")
                .doesNotContain("'request'");
        assertThat(error("{" + AUTH + "," + SETTINGS + ",\"request\":7}")
                        .path("message")
                        .stringValue())
                .contains("'request'");
    }

    @Test
    void namesEveryValueThatDoesNotFit() { // M42
        String message = error("{" + AUTH + ",\"settings\":{\"subdomain\":7,\"port\":\"x\"}," + REQUEST + "}")
                .path("message")
                .stringValue();

        assertThat(message).contains("'settings/subdomain'").contains("'settings/port'");
    }

    @Test
    void checksPageFlagsAndId() {
        String before = "{" + AUTH + "," + SETTINGS + "," + REQUEST + ",";

        assertThat(error(before + "\"page\":7}").path("message").stringValue()).contains("'page'");
        assertThat(error(before + "\"page\":{\"size\":0}}").path("message").stringValue())
                .contains("'page/size'");
        assertThat(error(before + "\"page\":{\"token\":7}}").path("message").stringValue())
                .contains("'token'");
        assertThat(error(before + "\"include_raw_data\":\"yes\"}")
                        .path("message")
                        .stringValue())
                .contains("'include_raw_data'");
        assertThat(error(before + "\"request_id\":7}").path("message").stringValue())
                .contains("'request_id'");
        assertThat(error(before + "\"page\":null,\"include_raw_data\":null,\"request_id\":null}")
                        .isNull())
                .isTrue();
    }

    @Test
    void showsNoSecretOfTheCall() {
        Integration acme = Integration.builder("acme")
                .credentials(Credentials.Basic.class)
                .settings(Settings.class)
                .capability(
                        "list_accounts",
                        Ask.class,
                        Answer.class,
                        (request, context) -> Mono.error(CapabilityException.of(
                                ErrorCode.API_ERROR, "They said: hunter2 and k3y-k3y are wrong")))
                .build();

        String envelope = acme.dispatch("list_accounts", "{" + AUTH + "," + SETTINGS + "," + REQUEST + "}")
                .block();

        assertThat(envelope).doesNotContain("hunter2").doesNotContain("k3y-k3y").contains("•••");
    }

    @Test
    void checksWhatATypedCallBrings() {
        @SuppressWarnings("unchecked")
        Capability<Ask, Answer> list =
                (Capability<Ask, Answer>) ACME.capabilities().get(0);
        CapabilityRequest<Ask> bare = CapabilityRequest.of(new Ask(3, List.of()));
        Credentials ada = new Credentials.Basic("ada", Secret.of("hunter2"));
        Settings settings = new Settings("acme", "k3y-k3y", 1);

        Envelope<Answer> answered = Objects.requireNonNull(
                ACME.dispatch(list, bare.credentials(ada).settings(settings)).block());
        Envelope<Answer> without = Objects.requireNonNull(
                ACME.dispatch(list, bare.settings(settings)).block());
        Envelope<Answer> unsettled = Objects.requireNonNull(
                ACME.dispatch(list, bare.credentials(ada)).block());

        assertThat(answered.response()).isEqualTo(new Answer("ada acme 3"));
        assertThat(Objects.requireNonNull(without.error()).errorCode()).isEqualTo("acme.bad_request");
        assertThat(Objects.requireNonNull(unsettled.error()).message()).contains("Settings");
    }

    record Renewal(@SchemaField(secret = true) String token, List<Inner> more) {}

    record Inner(@SchemaField(secret = true) String key) {}

    @Test
    void showsNoSecretOfTheInput() {
        Integration acme = Integration.builder("acme")
                .capability(
                        "renew",
                        Renewal.class,
                        Answer.class,
                        (request, context) -> Mono.error(CapabilityException.of(
                                ErrorCode.API_ERROR,
                                "Refused: " + request.input().token()
                                        + request.input().more())))
                .build();

        String envelope = acme.dispatch(
                        "renew", "{\"request\":{\"token\":\"t0ken-one\",\"more\":[{\"key\":\"k3y-two\"}]}}")
                .block();

        assertThat(envelope).contains("Refused").doesNotContain("t0ken-one").doesNotContain("k3y-two");
    }

    @Test
    void refusesMembersThatNobodyKnows() {
        assertThat(error("{" + AUTH + "," + SETTINGS + ",\"requst\":{\"limit\":3}}")
                        .path("message")
                        .stringValue())
                .contains("requst")
                .contains("request_id");
    }

    @Test
    void asksForNoCredentialsWhereNoneAreNeeded() { // M48
        Integration acme = Integration.builder("acme")
                .credentials(Credentials.Basic.class)
                .capability(Capability.of("begin", Inner.class, Answer.class, (CapabilityHandler<Inner, Answer>)
                                (request, context) -> Mono.just(CapabilityResponse.of(new Answer("begun"))))
                        .withoutCredentials())
                .build();

        assertThat(acme.dispatch("begin", "{}").block()).contains("begun");
        assertThat(acme.dispatch("begin", "{\"auth\":7}").block()).contains("begun");
    }

    @Test
    void findsSecretsHoweverTheyAreWritten() {
        String pem = "-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----";
        Integration acme = Integration.builder("acme")
                .capability(
                        "renew",
                        Renewal.class,
                        Answer.class,
                        (request, context) -> Mono.error(CapabilityException.of(
                                ErrorCode.API_ERROR,
                                "x".repeat(780) + " " + request.input().token())))
                .build();
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putObject("request").put("token", pem);

        assertThat(acme.dispatch("renew", document.toString()).block())
                .contains("xxx")
                .doesNotContain("BEGIN KEY")
                .doesNotContain("MIIEvQ");
        document.putObject("request").put("token", "s3cr3t/with+signs-and-length-of-forty");
        assertThat(acme.dispatch("renew", document.toString()).block()).doesNotContain("s3cr3t");
    }

    record Kept(@SchemaField(secret = true) List<String> keys, Map<String, Secret> more, Secret own) {}

    @Test
    void showsNoSecretOfATypedCall() {
        Capability<Kept, Answer> fail = Capability.of(
                "fail",
                Kept.class,
                Answer.class,
                (request, context) -> Mono.error(CapabilityException.of(
                        ErrorCode.API_ERROR,
                        "Refused " + request.input().keys()
                                + request.input().own().reveal()
                                + Objects.requireNonNull(request.input().more().get("a"))
                                        .reveal())));
        Integration acme = Integration.builder("acme").capability(fail).build();
        Kept input =
                new Kept(List.of("k3y-one", "k3y-two"), Map.of("a", Secret.of("k3y-three")), Secret.of("k3y-four"));

        CapabilityError error = Objects.requireNonNull(Objects.requireNonNull(
                        acme.dispatch(fail, CapabilityRequest.of(input)).block())
                .error());
        String fromJson = acme.dispatch(
                        "fail",
                        "{\"request\":{\"keys\":[\"k3y-one\",\"k3y-two\"],\"more\":{\"a\":\"k3y-three\"},\"own\":\"k3y-four\"}}")
                .block();

        assertThat(error.message()).contains("Refused").doesNotContain("k3y");
        assertThat(fromJson).contains("Refused").doesNotContain("k3y-");
    }

    @Test
    void showsNoSecretOfAConfiguration() {
        CapabilityError error = Objects.requireNonNull(ACME.errorOf(
                        CapabilityException.of(ErrorCode.API_ERROR, "hunter2 is wrong"),
                        "read",
                        Json.tree("{" + AUTH + "}"))
                .block());

        assertThat(error.message()).isEqualTo("••• is wrong");
        assertThat(error.raisedIn()).isEqualTo("acme:read");
    }

    @Test
    void doesNotRepeatWhatIsNoName() {
        assertThat(ACME.dispatch("<b>list</b>", "{}").block())
                .doesNotContain("<b>")
                .contains("acme:unknown");
    }

    @Test
    void printsNoAnswers() {
        assertThat(Envelope.of(CapabilityResponse.of(new Answer("hunter2"))).toString())
                .doesNotContain("hunter2");
        assertThat(CapabilityResponse.of(new Answer("hunter2")).toString()).doesNotContain("hunter2");
    }
}
