package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows A21, A22, R74: forms, text and JSON. */
class BodyTest {

    record Issue(long number, String title) {}

    @Test
    void writesAForm() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("a b", "ö&=");
        fields.put("n", 7);
        fields.put("client_secret", Secret.of("hunter 2"));

        Body form = Body.form(fields);

        assertThat(text(form)).isEqualTo("a%20b=%C3%B6%26%3D&n=7&client_secret=hunter%202");
        assertThat(form.contentType()).isEqualTo("application/x-www-form-urlencoded");
        assertThat(form.toString()).doesNotContain("hunter");
    }

    @Test
    void writesJson() {
        assertThat(text(Body.json(new Issue(7, "x")))).isEqualTo("{\"number\":7,\"title\":\"x\"}");
        assertThat(text(Body.json(Map.of("k", List.of(Secret.of("hunter2")))))).isEqualTo("{\"k\":[\"hunter2\"]}");
        assertThat(text(Body.json(Arrays.asList(1, null)))).isEqualTo("[1,null]");
        assertThat(Body.json("x").contentType()).isEqualTo("application/json");
    }

    @Test
    void isTheOnlyOneOfItsRequest() {
        Request request = Request.post("/x").body(Body.text("first")).json(2);

        assertThat(text(request.body().orElseThrow())).isEqualTo("2");
        assertThat(request.withoutBody().body()).isEmpty();
    }

    private static String text(Body body) {
        return StandardCharsets.UTF_8.decode(body.inMemory().orElseThrow()).toString();
    }
}
