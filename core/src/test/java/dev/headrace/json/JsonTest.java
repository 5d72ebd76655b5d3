package dev.headrace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JsonTest {

    private record Issue(long number, Instant at) {}

    private static final Issue ISSUE = new Issue(7, Instant.parse("2024-01-02T03:04:05Z"));
    private static final String TEXT = "{\"number\":7,\"at\":\"2024-01-02T03:04:05Z\"}";

    @Test
    void writesValues() {
        assertThat(Json.writeText(ISSUE)).isEqualTo(TEXT);
        assertThat(Json.write(ISSUE)).isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsValues() {
        assertThat(Json.read(bytes(TEXT), Issue.class)).isEqualTo(ISSUE);
        assertThat(Json.read(bytes("[" + TEXT + "]"), new TypeRef<List<Issue>>() {}))
                .containsExactly(ISSUE);
    }

    @Test
    void goesFromValuesToTreesAndBack() {
        JsonNode tree = Json.toTree(ISSUE);

        assertThat(tree).isEqualTo(Json.tree(bytes(TEXT)));
        assertThat(Json.read(tree, Issue.class)).isEqualTo(ISSUE);
        assertThat(Json.read(Json.toTree(List.of(ISSUE)), new TypeRef<List<Issue>>() {}))
                .containsExactly(ISSUE);
    }

    @Test
    void refusesATreeOfAnotherShape() {
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> Json.read(Json.tree(bytes("{\"number\":\"s3cr3t\"}")), Issue.class))
                .withMessageContaining("'/number'")
                .withMessageNotContaining("s3cr3t");
    }

    @Test
    void refusesWhatCannotBeWritten() {
        List<Object> self = new ArrayList<>();
        self.add(self);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.write(self))
                .withMessageContaining("cannot be written");
        assertThatIllegalArgumentException().isThrownBy(() -> Json.writeText(self));
    }

    @Test
    void namesATypeWithItsArguments() {
        assertThat(new TypeRef<List<String>>() {}).hasToString("java.util.List<java.lang.String>");
        assertThat(new TypeRef<List<String>>() {}).isEqualTo(new TypeRef<List<String>>() {});
    }

    @Test
    @SuppressWarnings("rawtypes")
    void refusesATypeRefWithoutItsArgument() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TypeRef() {});
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
