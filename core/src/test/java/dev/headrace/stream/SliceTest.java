package dev.headrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.json.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class SliceTest {

    @Test
    void takesTextNumbersBooleansListsAndTrees() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode().put("a", 1);
        Slice slice = Slice.of("text", "a \"b\"")
                .with("number", 7)
                .with("decimal", new BigDecimal("0.10"))
                .with("flag", true)
                .with("ids", List.of(1, 2))
                .with("tree", tree);

        assertThat(slice.json())
                .hasToString("{\"text\":\"a \\\"b\\\"\",\"number\":7,\"decimal\":0.10,\"flag\":true,\"ids\":[1,2],"
                        + "\"tree\":{\"a\":1}}");
        assertThat(slice.values().keySet()).containsExactly("text", "number", "decimal", "flag", "ids", "tree");
        assertThat(slice.text("text")).isEqualTo("a \"b\"");
        assertThat(slice.text("ids")).isEqualTo("[1,2]");
        assertThat(slice.get("number"))
                .hasValueSatisfying(number -> assertThat(number.intValue()).isEqualTo(7));
        assertThat(slice.get("other")).isEmpty();
    }

    @Test
    void isTheSameWhenItComesBackFromText() {
        for (Object value : List.of(
                "x",
                7,
                7L,
                (short) 7,
                1.5,
                1.5f,
                0.1f,
                new BigDecimal("1.50"),
                Long.MAX_VALUE,
                true,
                List.of(1L, 2L),
                Map.of("a", 1L))) {
            Slice slice = Slice.of("id", value);
            Slice again = Slice.of(Json.tree(slice.json().toString()));

            assertThat(again).as("%s", value).isEqualTo(slice).hasSameHashCodeAs(slice);
        }
    }

    @Test
    void isTheSameForAnyTypeOfAWholeNumberAndAnyOrder() {
        assertThat(Slice.of("id", 7L).with("x", "y"))
                .isEqualTo(Slice.of("x", "y").with("id", 7))
                .isEqualTo(Slice.of("x", "y").with("id", JsonNodeFactory.instance.numberNode(7L)))
                .hasSameHashCodeAs(Slice.of("x", "y").with("id", 7))
                .isNotEqualTo(Slice.of("x", "y").with("id", "7"))
                .isNotEqualTo(Slice.of("id", 7));
    }

    @Test
    void neverChanges() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode().put("a", 1);
        Map<String, Object> values = new LinkedHashMap<>(Map.of("tree", tree));
        Slice slice = Slice.of(values);
        values.clear();
        tree.put("a", 2);
        slice.json().put("other", 1);
        Slice more = slice.with("b", 1);

        assertThat(slice).hasToString("Slice{\"tree\":{\"a\":1}}");
        assertThat(more).hasToString("Slice{\"tree\":{\"a\":1},\"b\":1}");
        assertThatThrownBy(() -> slice.values().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(slice.with("tree", "other")).hasToString("Slice{\"tree\":\"other\"}");
    }

    @Test
    void withoutValuesIsTheWholeStream() {
        assertThat(Slice.of(Map.of())).isEqualTo(Slice.EMPTY).hasToString("Slice{}");
        assertThat(Slice.of((JsonNode) JsonNodeFactory.instance.objectNode())).isSameAs(Slice.EMPTY);
    }

    @Test
    void refusesAValueWithoutANameAndSaysWhichThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Slice.of("", 1))
                .withMessage("The name of a slice's value must not be empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Slice.of("a", 1).text("b"))
                .withMessage("The slice has no value b, only [a]");
    }

    @Test
    void givesTemplatesPlainValues() {
        Slice slice =
                Slice.of("text", "a").with("n", 7).with("ids", List.of("a", 2)).with("flag", true);

        assertThat(slice.values().values().stream().map(Slice::plain).toList())
                .containsExactly("a", 7, List.of("a", 2), true);
    }
}
