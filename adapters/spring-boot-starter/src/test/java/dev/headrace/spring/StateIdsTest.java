package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.databind.JsonNode;

/** Nobody but the application says where a stream goes on: its state names requests that are made with its credentials. */
class StateIdsTest {

    private static final JsonNode STATE = Json.tree("{\"next\":{\"method\":\"GET\",\"target\":\"/issues?page=2\"}}");

    private final StateIds ids = StateIds.ofThisProcess();

    @Test
    void givesBackTheStateThatItWasMadeOf() {
        assertThat(ids.state("issues", id(ids, "issues"))).isEqualTo(STATE);
    }

    @Test
    void refusesAStateThatWasChanged() {
        byte[] bytes = Base64.getUrlDecoder().decode(id(ids, "issues"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("GET", "PUT");
        String forged = Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));

        refuses(ids, "issues", forged);
    }

    @Test
    void refusesAStateThatNobodySigned() {
        String plain = Base64.getUrlEncoder().encodeToString(Json.write(STATE));
        String zeros =
                Base64.getUrlEncoder().encodeToString(("\0".repeat(32) + STATE).getBytes(StandardCharsets.UTF_8));

        refuses(ids, "issues", plain);
        refuses(ids, "issues", zeros);
    }

    @Test
    void refusesTheStateOfAnotherStream() {
        refuses(ids, "users", id(ids, "issues"));
    }

    @Test
    void knowsTheIdsOfOthersThatHaveItsKeyAlone() {
        Secret key = Secret.of("a key that two instances have");

        assertThat(StateIds.signedBy(key).state("issues", id(StateIds.signedBy(key), "issues")))
                .isEqualTo(STATE);
        refuses(StateIds.ofThisProcess(), "issues", id(ids, "issues"));
    }

    private static String id(StateIds ids, String stream) {
        return ids.id(stream, STATE).orElseThrow();
    }

    private static void refuses(StateIds ids, String stream, String id) {
        assertThatExceptionOfType(ServerWebInputException.class)
                .isThrownBy(() -> ids.state(stream, id))
                .withMessageContaining("none of this stream's")
                .withMessageNotContaining("/issues");
    }
}
