package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class TemplateTest {

    private static final Scope SCOPE = new Scope(
            Json.tree("""
                    {"name": "Ada L", "size": 12.50, "big": 12345678901234567890, "on": true, "list": ["a", 1, "b"],
                     "nested": {"key-with": {"x y": [10, 20]}}, "nothing": null, "day": "2024-02-29", "csv": "a,b,"}
                    """),
            Json.tree("{\"owner\": \"o/o\"}"),
            Json.tree("{\"cursor\": \"c1\"}"),
            3,
            Instant.parse("2024-05-06T23:30:00Z"),
            name -> Secret.of("hidden-" + name));

    private final Problems problems = new Problems();

    private Optional<Template> read(String text, boolean secrets, Set<Root> roots) {
        YamlNode.Mapping root = (YamlNode.Mapping) YamlReader.read("a: '" + text.replace("'", "''") + "'", problems)
                .orElseThrow();
        Found found = Found.root(new Reading("t.yaml", null, problems), root)
                .value(root.entries().get(0));
        return Template.read(found, (YamlNode.Scalar) found.node(), secrets, roots);
    }

    private Template template(String text) {
        Template template =
                read(text, true, EnumSet.allOf(Root.class)).orElseThrow(() -> new AssertionError(problems.all()));
        assertThat(problems.all()).isEmpty();
        return template;
    }

    private JsonNode value(String text) {
        return template(text).value(SCOPE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{ config.name }} | \"Ada L\"",
                "{{config.size}} | 12.50",
                "{{ config.big }} | 12345678901234567890",
                "{{ config.on }} | true",
                "{{ config.list }} | [\"a\",1,\"b\"]",
                "{{ config.list[2] }} | \"b\"",
                "{{ config.list.0 }} | \"a\"",
                "{{ config.nested.key-with[\"x y\"][1] }} | 20",
                "{{ config.nothing }} | null",
                "{{ slice.owner }} | \"o/o\"",
                "{{ state.cursor }} | \"c1\"",
                "{{ page.number }} | 3",
                "{{ -1.5 }} | -1.5",
                "{{ null }} | null",
                "{{ \"it\\\"s }}\" }} | \"it\\\"s }}\"",
                "{{ now() }} | \"2024-05-06T23:30:00Z\"",
                "{{ today() }} | \"2024-05-06\"",
                "{{ today(\"Europe/Berlin\") }} | \"2024-05-07\"",
                "{{ date(config.day, \"dd.MM.yy\") }} | \"29.02.24\"",
                "{{ date(0, \"yyyy-MM-dd HH:mm\", \"Asia/Tokyo\") }} | \"1970-01-01 09:00\"",
                "{{ date(now(), \"H\") }} | \"23\"",
                "{{ default(config.absent, 7) }} | 7",
                "{{ default(config.nothing, config.name) }} | \"Ada L\"",
                "{{ default(config.name, 7) }} | \"Ada L\"",
                "{{ lower(config.name) }} | \"ada l\"",
                "{{ upper(trim(\" x \")) }} | \"X\"",
                "{{ join(config.list, \";\") }} | \"a;1;b\"",
                "{{ split(config.csv, \",\") }} | [\"a\",\"b\",\"\"]",
                "{{ base64(config.name) }} | \"QWRhIEw=\"",
                "{{ base64_decode(\"QWRhIEw=\") }} | \"Ada L\"",
                "{{ urlencode(\"a b/ü*~\") }} | \"a%20b%2F%C3%BC%2A~\"",
                "{{ json(config.list) }} | \"[\\\"a\\\",1,\\\"b\\\"]\"",
                "x{{ config.size }}y{{ config.list }} | \"x12.50y[\\\"a\\\",1,\\\"b\\\"]\"",
                "plain } text }} | \"plain } text }}\"",
                "{ a { b }} | \"{ a { b }}\"",
            })
    void hasTheValueOfItsExpression(String text, String json) {
        assertThat(Json.writeText(value(text))).isEqualTo(json);
    }

    @Test
    void hasNoValueIfItsReferenceLeadsNowhere() {
        assertThat(value("{{ config.absent.more }}").isMissingNode()).isTrue();
        assertThat(template("{{ config.nothing }}").sent(SCOPE)).isEmpty();
    }

    @Test
    void saysWhichExpressionWithinATextHasNoValue() {
        assertThatThrownBy(() -> template("x {{ config.absent }}").value(SCOPE))
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessage("t.yaml:1:4: a has an expression without a value; give config.absent one, or write"
                        + " default(config.absent, …)");
    }

    @Test
    void saysWhatAFunctionCannotDoWithoutQuotingTheValue() {
        assertThatThrownBy(() -> template("{{ date(config.name, 'yyyy') }}").value(SCOPE))
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessage("t.yaml:1:4: a: the function date failed: its value is no date or time of ISO 8601");
    }

    @Test
    void aTextWithASecretIsASecretAsAWhole() {
        Template template = template("Token ${secret:MY_KEY}{{ page.number }}");

        assertThat(template.sent(SCOPE)).hasValue(Secret.of("Token hidden-MY_KEY3"));
        assertThat(template.sent(SCOPE).orElseThrow()).hasToString(Secret.MASK);
        assertThatThrownBy(() -> template.value(SCOPE)).isInstanceOf(IllegalStateException.class);
        assertThat(template.isSettled()).isFalse();
    }

    @Test
    void knowsWhatItSpeaksOf() {
        assertThat(template("{{ default(slice.a, config.b) }}").roots())
                .containsExactlyInAnyOrder(Root.SLICE, Root.CONFIG);
        assertThat(template("{{ config.a }}").isSettled()).isTrue();
        assertThat(template("{{ now() }}").isSettled()).isTrue();
        assertThat(template("{{ state.a }}").isSettled()).isFalse();
        assertThat(template("x").isConstant()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x {{ config.name | 7 | the braces are not closed; an expression ends with }}",
                "{{ }} | 8 | expected a reference such as config.name, a function or a constant",
                "{{ confg.x }} | 8 | there is no 'confg' to speak of; there are config, slice, state and page; did you mean 'config'?",
                "{{ config. }} | 15 | expected a name behind the dot",
                "{{ config.a b }} | 17 | expected }} but found 'b }}'; there are no operators, see default(…)",
                "{{ config.a or 1 }} | 17 | expected }} but found 'or 1 }}'; there are no operators, see default(…)",
                "{{ page.size }} | 8 | of a page there is page.number and nothing else",
                "{{ joins(config.a) }} | 8 | there is no function joins; did you mean 'join'?; there are base64, base64_decode, date, default, join, json, lower, now, split, today, trim, upper, urlencode",
                "{{ lower() }} | 8 | the function lower takes 1 argument, not 0",
                "{{ now(1) }} | 8 | the function now takes no arguments, not 1",
                "{{ lower(date(1)) }} | 14 | the function date takes 2 to 3 arguments, not 1",
                "{{ lower(config.a }} | 23 | expected ) but found '}}'",
                "{{ lower('a) }} | 14 | the quote is not closed",
                "{{ date(config.a, \"qqqqqq\") }} | 23 | Too many pattern letters: q",
                "{{ today(\"Nowhere/At all\") }} | 14 | Invalid ID for region-based ZoneId, invalid format: Nowhere/At all",
                "{{ ! }} | 8 | expected a reference such as config.name, a function or a constant, but found '! }}'",
                "a ${TOKEN} | 7 | expected ${secret:NAME}; values of the config are written {{ config.name }}",
                "a ${secret:} | 7 | expected ${secret:NAME}; values of the config are written {{ config.name }}",
            })
    void saysWhatIsWrongAndWhere(String text, int column, String message) {
        // A quote is doubled in the source, so the column of what comes behind one is one more.
        assertThat(read(text, true, EnumSet.allOf(Root.class))).isEmpty();
        assertThat(problems.all()).containsExactly(new Problem(1, column, "a", message));
    }

    @Test
    void saysWhereASecretMayNotStand() {
        assertThat(read("x${secret:A}", false, EnumSet.allOf(Root.class))).isEmpty();
        assertThat(problems.all())
                .containsExactly(new Problem(
                        1,
                        6,
                        "a",
                        "a secret may not stand here, for it would be printed; it belongs into auth, headers, query or a"
                                + " body"));
    }

    @Test
    void saysWhatIsNotKnownWhereItStands() {
        assertThat(read("x {{ lower(slice.a) }}", false, EnumSet.of(Root.CONFIG, Root.STATE)))
                .isEmpty();
        assertThat(problems.all())
                .isEqualTo(List.of(new Problem(1, 16, "a", "'slice' is not known here, only config, state")));
    }

    @Test
    void refusesTimesBeyondAllClocks() {
        for (String seconds : List.of("1e400000000", "-1e400000000", "1e20", "99999999999999999999999")) {
            Scope scope = new Scope(
                    JsonNodeFactory.instance.objectNode().put("x", new BigDecimal(seconds)),
                    SCOPE.slice(),
                    SCOPE.state(),
                    1,
                    SCOPE.now(),
                    SCOPE.secrets());

            assertThatThrownBy(() -> template("{{ date(config.x, \"yyyy\") }}").value(scope))
                    .isInstanceOf(HeadraceException.class)
                    .hasMessageContaining("the function date failed: its value is no number of seconds since 1970");
        }
    }

    @Test
    void looksAtADefaultOnlyIfItIsNeeded() {
        assertThat(value("{{ default(config.name, date(config.absent, \"yyyy\")) }}")
                        .stringValue())
                .isEqualTo("Ada L");
        assertThatThrownBy(() -> value("{{ default(config.absent, date(config.absent, \"yyyy\")) }}"))
                .isInstanceOf(HeadraceException.class)
                .hasMessageContaining("the function date failed");
    }
}
