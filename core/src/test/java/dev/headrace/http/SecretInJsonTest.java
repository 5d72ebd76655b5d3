package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets come in as JSON, and never go out. M44 */
class SecretInJsonTest {

    record Login(String user, @Nullable Secret password) {}

    @Test
    void isReadFromAText() {
        Login login = Json.read(Json.tree("{\"user\":\"ann\",\"password\":\"hunter2\"}"), Login.class);

        assertThat(login.password()).isEqualTo(Secret.of("hunter2"));
        assertThat(Json.read(Json.tree("{\"user\":\"ann\",\"password\":null}"), Login.class)
                        .password())
                .isNull();
    }

    @Test
    void isWrittenAsAMask() {
        Secret secret = Secret.of("hunter2");

        assertThat(Json.writeText(new Login("ann", secret))).isEqualTo("{\"user\":\"ann\",\"password\":\"•••\"}");
        assertThat(Json.writeText(Map.of("a", List.of(secret)))).isEqualTo("{\"a\":[\"•••\"]}");
        assertThat(Json.toTree(secret).stringValue()).isEqualTo("•••");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "{\"value\":\"hunter2\"}", "[\"hunter2\"]"})
    void namesThePlaceOfWhatIsNone(String json) {
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> Json.read(Json.tree("{\"password\":" + json + "}"), Login.class))
                .withMessageContaining("cannot read '/password' of Login as Secret")
                .withMessageNotContaining("hunter2");
    }
}
