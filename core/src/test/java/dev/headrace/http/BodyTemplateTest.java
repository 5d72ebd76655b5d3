package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.StepVerifier;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** Row L57: a body with variables. */
class BodyTemplateTest {

    private static final URI BASE = URI.create("https://h/v1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"{number}\"} | {\"id\":7}",
                "{\"id\":\"{text}\"} | {\"id\":\"a\\\"b\"}",
                "{\"ids\":\"{list}\"} | {\"ids\":[1,2]}",
                "{\"o\":\"{map}\"} | {\"o\":{\"k\":\"v\"}}",
                "{\"o\":\"{none}\"} | {\"o\":null}",
                "{\"s\":\"no {number} of {text}\"} | {\"s\":\"no 7 of a\\\"b\"}",
                "{\"s\":\"in {list}\"} | {\"s\":\"in [1,2]\"}",
                "[\"{number}\",[\"{number}\"],{\"a\":{\"b\":\"{number}\"}}] | [7,[7],{\"a\":{\"b\":7}}]",
                "\"{number}\" | 7",
                "{\"{number}\":1} | {\"{number}\":1}",
                "{\"s\":\"{{number}}\"} | {\"s\":\"{number}\"}",
                "{\"s\":\"{{number}} is {number}\"} | {\"s\":\"{number} is 7\"}",
                "{\"q\":\"query($id: ID!) { user(id: $id) { name } }\"} | {\"q\":\"query($id: ID!) { user(id: $id) { name } }\"}",
                "{\"n\":1.10,\"big\":9007199254740993} | {\"n\":1.10,\"big\":9007199254740993}"
            })
    void isFilledIn(String template, String expected) {
        Map<String, Object> values = Map.of(
                "number", 7,
                "text", "a\"b",
                "list", List.of(1, 2),
                "map", Map.of("k", "v"),
                "none", NullNode.getInstance());
        Request request = Request.post("/x").body(Body.template(template));
        for (String variable : request.body().orElseThrow().variables()) {
            request = request.with(variable, Objects.requireNonNull(values.get(variable)));
        }

        assertThat(sent(request)).isEqualTo(expected);
    }

    @Test
    void sharesItsVariablesWithTheTarget() {
        Request request = Request.put("/users/{id}", 7)
                .body(Body.template("{\"id\":\"{id}\",\"name\":\"{name}\"}"))
                .with("name", "x");

        assertThat(sent(request)).isEqualTo("{\"id\":7,\"name\":\"x\"}");
        assertThat(request.against(BASE).uri()).hasToString("https://h/v1/users/7");
    }

    @Test
    void keepsItsVariablesWhenTheTargetIsReplaced() {
        Request request = Request.post("/x")
                .body(Body.template("{\"id\":\"{id}\"}"))
                .with("id", 7)
                .at(URI.create("https://h/y"));

        assertThat(sent(request)).isEqualTo("{\"id\":7}");
    }

    @Test
    void isFilledInOnceAndThenLikeAnyOther() {
        Request request = Request.put("/x")
                .body(Body.template("{\"id\":\"{id}\"}"))
                .with("id", 7)
                .against(BASE);
        Body body = request.body().orElseThrow();

        assertThat(body.isReplayable()).isTrue();
        assertThat(body.length()).hasValue(8);
        assertThat(body.contentType()).isEqualTo("application/json");
        assertThat(request.against(BASE)).isSameAs(request);
        assertThat(request.isIdempotent()).isTrue();
    }

    @Test
    void namesTheVariableThatHasNoValueAndTheOneThatIsNone() {
        Request request = Request.post("/x").body(Body.template("{\"id\":\"{id}\",\"name\":\"{name}\"}"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.with("id", 1).against(BASE))
                .withMessageContaining("name")
                .withMessageContaining("Request.with");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.with("other", 1))
                .withMessageContaining("other")
                .withMessageContaining("[id, name]");
        StepVerifier.create(request.body().orElseThrow().content()).verifyError(IllegalArgumentException.class);
    }

    @Test
    void neverPrintsASecretButSendsIt() {
        Request request = Request.post("/x")
                .body(Body.template("{\"token\":\"{token}\",\"header\":\"Bearer {token}\",\"all\":\"{all}\"}"))
                .with("token", Secret.of("hunter2"))
                .with("all", List.of(Secret.of("hunter3")));

        assertThat(sent(request))
                .isEqualTo("{\"token\":\"hunter2\",\"header\":\"Bearer hunter2\",\"all\":[\"hunter3\"]}");
        assertThat(request + " " + request.against(BASE))
                .doesNotContain("hunter")
                .contains("a template of [token, all]");
    }

    @Test
    void doesNotChangeWithTheTreeItWasMadeFrom() {
        ObjectNode tree = (ObjectNode) Json.tree("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        Body body = Body.template(tree);
        tree.put("a", 2);

        assertThat(sent(Request.post("/x").body(body))).isEqualTo("{\"a\":1}");
    }

    @Test
    void refusesWhatIsNoJson() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Body.template("{\"a\":{id}}"))
                .withMessageContaining("no JSON");
    }

    private static String sent(Request request) {
        Body body = request.against(BASE).body().orElseThrow();
        return StandardCharsets.UTF_8.decode(body.inMemory().orElseThrow()).toString();
    }
}
