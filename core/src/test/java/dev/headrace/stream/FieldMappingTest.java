package dev.headrace.stream;

import static dev.headrace.stream.Conditions.equalTo;
import static dev.headrace.stream.Conditions.exists;
import static dev.headrace.stream.Conditions.greaterThan;
import static dev.headrace.stream.Conditions.lessThan;
import static dev.headrace.stream.FieldMapping.select;
import static dev.headrace.stream.FieldMapping.unchanged;
import static dev.headrace.stream.Transforms.defaultEmptyString;
import static dev.headrace.stream.Transforms.lowercase;
import static dev.headrace.stream.Transforms.noneIfEmpty;
import static dev.headrace.stream.Transforms.strip;
import static dev.headrace.stream.Transforms.toInt;
import static dev.headrace.stream.Transforms.uppercase;
import static dev.headrace.stream.Trees.json;
import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** L79: fields mapped by places, with transforms, conditions and nesting. */
class FieldMappingTest {

    static Stream<Arguments> steps() {
        FieldMapping none = unchanged();
        return Stream.of(
                // Places in objects, objects in objects, and arrays.
                arguments(none.rename("/a", "x"), "{'a':1,'b':2}", "{'x':1,'b':2}"),
                arguments(none.rename("/o/a", "x"), "{'o':{'z':0,'a':1,'b':2}}", "{'o':{'z':0,'x':1,'b':2}}"),
                arguments(none.rename("/a", "b"), "{'a':1,'b':2,'c':3}", "{'b':1,'c':3}"),
                arguments(none.rename("/l/0/a", "x"), "{'l':[{'a':1}]}", "{'l':[{'x':1}]}"),
                arguments(none.rename("/a", "a"), "{'a':1}", "{'a':1}"),
                arguments(none.rename("/a~1b", "a~b"), "{'a/b':1}", "{'a~b':1}"),
                arguments(none.move("/a", "/x/y/z"), "{'a':1}", "{'x':{'y':{'z':1}}}"),
                arguments(none.move("/a", "/x"), "{'a':1,'x':2}", "{'x':1}"),
                arguments(none.move("/a", "/a/b"), "{'a':1}", "{'a':{'b':1}}"),
                arguments(none.move("/a", "/a"), "{'a':1,'b':2}", "{'a':1,'b':2}"),
                arguments(none.move("/o/a", ""), "{'o':{'a':{'b':1}}}", "{'b':1}"),
                arguments(none.move("/l/0", "/first"), "{'l':[1,2]}", "{'l':[2],'first':1}"),
                arguments(none.copy("/a", "/b/c"), "{'a':{'x':1}}", "{'a':{'x':1},'b':{'c':{'x':1}}}"),
                arguments(none.copy("", "/raw"), "{'a':1}", "{'a':1,'raw':{'a':1}}"),
                arguments(none.copy("/l/1/a", "/b"), "{'l':[1,{'a':2}]}", "{'l':[1,{'a':2}],'b':2}"),
                arguments(none.remove("/a"), "{'a':1,'b':2}", "{'b':2}"),
                arguments(none.remove("/o/a"), "{'o':{'a':1}}", "{'o':{}}"),
                arguments(none.remove("/l/1"), "{'l':[1,2,3]}", "{'l':[1,3]}"),
                arguments(none.remove("/l/0/a"), "{'l':[{'a':1,'b':2}]}", "{'l':[{'b':2}]}"),
                arguments(none.removeNulls(), "{'a':null,'o':{'b':null,'c':0},'l':[null]}", "{'o':{'c':0},'l':[null]}"),
                arguments(none.set("/a", "x"), "{}", "{'a':'x'}"),
                arguments(none.set("/a", null), "{'a':1}", "{'a':null}"),
                arguments(none.set("/a", new BigDecimal("1.50")), "{}", "{'a':1.50}"),
                arguments(none.set("/a", Map.of("b", List.of(1))), "{}", "{'a':{'b':[1]}}"),
                arguments(none.set("/a/b", 1), "{'a':null}", "{'a':{'b':1}}"),
                arguments(none.set("/a/0", 1), "{}", "{'a':{'0':1}}"),
                arguments(none.set("/l/0", 9), "{'l':[1,2]}", "{'l':[9,2]}"),
                arguments(none.set("/l/2", 9), "{'l':[1,2]}", "{'l':[1,2,9]}"),
                arguments(none.set("/l/-", 9), "{'l':[1,2]}", "{'l':[1,2,9]}"),
                arguments(none.set("/l/-/a", 9), "{'l':[]}", "{'l':[{'a':9}]}"),
                arguments(none.set("", 1), "{'a':1}", "1"),
                // Transforms, in chains, of nested places, and of mappings as transforms.
                arguments(none.map("/a", strip(), lowercase()), "{'a':' X '}", "{'a':'x'}"),
                arguments(none.map("/l/1", toInt()), "{'l':['1','2']}", "{'l':['1',2]}"),
                arguments(none.map("/a", defaultEmptyString()), "{}", "{'a':''}"),
                arguments(none.map("/o/a", defaultEmptyString()), "{}", "{'o':{'a':''}}"),
                arguments(none.map("/a", noneIfEmpty(), defaultEmptyString()), "{}", "{'a':''}"),
                arguments(none.map("/a", value -> MissingNode.getInstance()), "{'a':1,'b':2}", "{'b':2}"),
                arguments(
                        none.map("/a", value -> MissingNode.getInstance(), defaultEmptyString()),
                        "{'a':1}",
                        "{'a':''}"),
                arguments(none.map("/o", none.rename("/a", "b")), "{'o':{'a':1}}", "{'o':{'b':1}}"),
                arguments(none.then(none.remove("/a")), "{'a':1,'b':2}", "{'b':2}"),
                // Each element, also of arrays in arrays.
                arguments(none.each("/l", uppercase()), "{'l':['a','b']}", "{'l':['A','B']}"),
                arguments(none.each("", none.remove("/a")), "[{'a':1},{'b':2}]", "[{},{'b':2}]"),
                arguments(
                        none.each("/l", none.each("/m", none.rename("/a", "x"))),
                        "{'l':[{'m':[{'a':1},{'a':2}]},{'m':[]},{}]}",
                        "{'l':[{'m':[{'x':1},{'x':2}]},{'m':[]},{}]}"),
                arguments(none.each("/l", none.each("", toInt())), "{'l':[['1'],['2','3']]}", "{'l':[[1],[2,3]]}"),
                arguments(
                        none.each("/l", value -> value.isNull() ? MissingNode.getInstance() : value),
                        "{'l':[1,null,2]}",
                        "{'l':[1,2]}"),
                arguments(none.each("/l", toInt()), "{'l':null}", "{'l':null}"),
                // Conditions.
                arguments(none.when(exists("/x"), none.set("/y", 1)), "{'x':0}", "{'x':0,'y':1}"),
                arguments(none.when(exists("/x"), none.set("/y", 1)), "{'x':null}", "{'x':null}"),
                arguments(
                        none.each("/l", none.when(equalTo("/k", "a"), none.remove("/v"))),
                        "{'l':[{'k':'a','v':1},{'k':'b','v':2}]}",
                        "{'l':[{'k':'a'},{'k':'b','v':2}]}"),
                // In order, each on what the one before it made.
                arguments(none.rename("/a", "b").move("/b", "/c").set("/b", 0), "{'a':1}", "{'c':1,'b':0}"));
    }

    // L79
    @ParameterizedTest
    @MethodSource("steps")
    void mapsFields(FieldMapping mapping, String record, String expected) {
        JsonNode input = json(record);

        // As text, for the order of fields as well.
        assertThat(mapping.apply(input)).hasToString(json(expected).toString());
        assertThat(input).as("the record that came in").hasToString(json(record).toString());
    }

    static Stream<FieldMapping> stepsOnWhatIsNotThere() {
        return Stream.of(
                unchanged().rename("/x", "y"),
                unchanged().rename("/o/x", "y"),
                unchanged().move("/x", "/y"),
                unchanged().move("/o/a/b", "/y"),
                unchanged().copy("/l/2", "/y"),
                unchanged().copy("/l/-", "/y"),
                unchanged().copy("/l/00", "/y"),
                unchanged().copy("/l/x", "/y"),
                unchanged().remove("/x"),
                unchanged().remove("/x/y"),
                unchanged().remove("/l/-"),
                unchanged().map("/x", lowercase()),
                unchanged().each("/x", lowercase()));
    }

    // L79
    @ParameterizedTest
    @MethodSource("stepsOnWhatIsNotThere")
    void leavesAloneWhatIsNotThere(FieldMapping mapping) {
        JsonNode record = json("{'o':{'a':1},'l':[1,2]}");

        assertThat(mapping.apply(record)).isSameAs(record);
    }

    @ParameterizedTest
    @MethodSource("stepsOnWhatIsNotThere")
    void failsOnWhatIsNotThereIfAsked(FieldMapping mapping) {
        JsonNode record = json("{'o':{'a':1},'l':[1,2]}");

        assertThatExceptionOfType(MappingException.class)
                .isThrownBy(() -> mapping.failOnMissing().apply(record))
                .withMessageContaining("there is nothing, and it is required");
    }

    @Test
    void nullIsThere() {
        FieldMapping strict =
                unchanged().move("/a", "/b").map("/b", lowercase()).failOnMissing();

        assertThat(strict.apply(json("{'a':null}"))).isEqualTo(json("{'b':null}"));
    }

    @Test
    void aFilledPlaceIsNotMissing() {
        FieldMapping strict = unchanged().failOnMissing().map("/a", defaultEmptyString());

        assertThat(strict.apply(json("{}"))).isEqualTo(json("{'a':''}"));
    }

    // L79: add_mapping(source, target, fields) builds a new record of the listed fields.
    @Test
    void selectsTheListedFieldsOnly() {
        FieldMapping mapping = select(
                MappedField.from("/id"),
                MappedField.from("/user/login").to("/author/name").map(strip()).map(lowercase()),
                MappedField.from("/labels/0/name").to("/label"),
                MappedField.from("/email").to("/author/email").when(equalTo("/public", true)),
                MappedField.from("/gone"),
                MappedField.from("/note").map(defaultEmptyString()),
                MappedField.from("/closed_at"));

        String record =
                "{'id':7,'user':{'login':' Ada '},'labels':[{'name':'bug'}],'email':'a@b.c','public':%s,'closed_at':null}";
        assertThat(mapping.apply(json(record.formatted(true))))
                .isEqualTo(json(
                        "{'id':7,'author':{'name':'ada','email':'a@b.c'},'label':'bug','note':'','closed_at':null}"));
        assertThat(mapping.apply(json(record.formatted(false))))
                .isEqualTo(json("{'id':7,'author':{'name':'ada'},'label':'bug','note':'','closed_at':null}"));
        assertThat(mapping.removeNulls().apply(json(record.formatted(false))).has("closed_at"))
                .isFalse();
    }

    @Test
    void aSelectedFieldCanBeRequired() {
        assertThatExceptionOfType(MappingException.class)
                .isThrownBy(() -> select(MappedField.from("/id").required()).apply(json("{}")))
                .satisfies(failure -> assertThat(failure.pointer()).hasToString("/id"));
        assertThatExceptionOfType(MappingException.class)
                .isThrownBy(
                        () -> select(MappedField.from("/id")).failOnMissing().apply(json("{}")));
    }

    static Stream<Arguments> conditions() {
        return Stream.of(
                arguments(exists("/n"), true),
                arguments(exists("/null"), false),
                arguments(exists("/x"), false),
                arguments(not(exists("/x")), true),
                arguments(equalTo("/n", 5), true),
                arguments(equalTo("/n", new BigDecimal("5.00")), true),
                arguments(equalTo("/n", "5"), false),
                arguments(equalTo("/l/0", "a"), true),
                arguments(equalTo("/x", "a"), false),
                arguments(not(equalTo("/n", 6)), true),
                arguments(greaterThan("/n", 4.5), true),
                arguments(greaterThan("/n", 5), false),
                arguments(greaterThan("/t", 1), false),
                arguments(greaterThan("/t", "2024-04-30"), true),
                arguments(lessThan("/n", 6), true),
                arguments(lessThan("/x", 6), false),
                arguments(exists("/n").and(lessThan("/n", 3)), false));
    }

    // L79: eq, ne, gt, lt, exists, not_exists
    @ParameterizedTest
    @MethodSource("conditions")
    void asksConditions(Predicate<JsonNode> condition, boolean holds) {
        JsonNode record = json("{'n':5,'t':'2024-05-01','null':null,'l':['a']}");

        assertThat(condition.test(record)).isEqualTo(holds);
        assertThat(unchanged()
                        .when(condition, unchanged().set("/held", true))
                        .apply(record)
                        .has("held"))
                .isEqualTo(holds);
    }

    @Test
    void sharesWhatItDoesNotChange() {
        JsonNode record = json("{'a':{'deep':[1,2]},'b':{'c':'X','d':{'e':1}},'l':[{'x':1},{'y':'Z'}]}");

        JsonNode mapped =
                unchanged().map("/b/c", lowercase()).map("/l/1/y", lowercase()).apply(record);

        assertThat(mapped.get("a")).isSameAs(record.get("a"));
        assertThat(mapped.get("b")).isNotSameAs(record.get("b"));
        assertThat(mapped.get("b").get("d")).isSameAs(record.get("b").get("d"));
        assertThat(mapped.get("l").get(0)).isSameAs(record.get("l").get(0));
    }

    @Test
    void givesTheSameTreeIfNothingChanges() {
        JsonNode record = json("{'a':'x','l':['y'],'o':{}}");
        FieldMapping mapping = unchanged()
                .map("/a", lowercase(), strip())
                .each("/l", lowercase())
                .removeNulls()
                .when(exists("/z"), unchanged().remove("/a"));

        assertThat(mapping.apply(record)).isSameAs(record);
        assertThat(unchanged().apply(record)).isSameAs(record);
    }

    @Test
    void aConstantIsCopiedForEachRecord() {
        FieldMapping mapping = unchanged().set("/tags", json("{'a':1}"));

        ((ObjectNode) mapping.apply(json("{}")).get("tags")).put("a", 2);

        assertThat(mapping.apply(json("{}"))).isEqualTo(json("{'tags':{'a':1}}"));
    }

    @Test
    void aStepMakesANewMapping() {
        FieldMapping one = unchanged().set("/a", 1);
        FieldMapping two = one.set("/b", 2);

        assertThat(one.apply(json("{}"))).isEqualTo(json("{'a':1}"));
        assertThat(two.apply(json("{}"))).isEqualTo(json("{'a':1,'b':2}"));
    }

    @Test
    void isAFunctionForAFlux() {
        Flux<JsonNode> records =
                Flux.just("{'n':'1'}", "{'n':'x'}", "{'n':'3'}").map(Trees::json);

        StepVerifier.create(records.map(unchanged().map("/n", toInt())))
                .expectNext(json("{'n':1}"))
                .verifyError(MappingException.class);
    }

    static Stream<Arguments> failures() {
        Transform broken = value -> json("[]").required(Integer.parseInt(value.stringValue()));
        return Stream.of(
                arguments(
                        unchanged().map("/secret", toInt()),
                        "/secret",
                        "'/secret': transform 'to_int': expected a number but found text that is none"),
                arguments(
                        unchanged().map("/secret", strip(), Transforms.isoToTimestamp()),
                        "/secret",
                        "'/secret': transform 'iso_to_timestamp': expected an ISO 8601 time but found other text"),
                arguments(
                        unchanged().each("/l", unchanged().map("/m/0", lowercase())),
                        "/l/1/m/0",
                        "'/l/1/m/0': transform 'lowercase': expected text but found a number"),
                arguments(
                        unchanged().map("/secret", Transform.named("code", broken::apply)),
                        "/secret",
                        "'/secret': transform 'code': failed with java.lang.NumberFormatException"),
                arguments(
                        unchanged().map("/secret", broken),
                        "/secret",
                        "'/secret': failed with java.lang.NumberFormatException"),
                arguments(
                        unchanged()
                                .when(
                                        record -> broken.apply(record.get("secret"))
                                                .isNull(),
                                        unchanged()),
                        "",
                        "failed with java.lang.NumberFormatException"),
                arguments(
                        select(MappedField.from("/secret").to("/x").map(toInt())),
                        "/secret",
                        "'/secret': transform 'to_int': expected a number but found text that is none"),
                arguments(
                        unchanged().each("/secret", strip()), "/secret", "'/secret': expected an array but found text"),
                arguments(
                        unchanged().set("/secret/x", 1),
                        "/secret/x",
                        "'/secret/x': there is text on the way, where 'x' cannot be"),
                arguments(
                        unchanged().set("/l/3", 1),
                        "/l/3",
                        "'/l/3': there is no place for '3' in an array of 2 elements"),
                arguments(
                        unchanged().set("/l/x", 1),
                        "/l/x",
                        "'/l/x': there is no place for 'x' in an array of 2 elements"),
                arguments(
                        unchanged().rename("/l/0", "x"),
                        "/l/0",
                        "'/l/0': an element of an array has no name to change"),
                arguments(
                        unchanged().then(value -> MissingNode.getInstance()),
                        "",
                        "nothing is left of the record; a filter leaves out whole records"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysWhereAndWhatButShowsNoData(FieldMapping mapping, String pointer, String message) {
        JsonNode record = json("{'secret':'hunter2','l':[{'m':['a']},{'m':[4711]}]}");

        assertThatExceptionOfType(MappingException.class)
                .isThrownBy(() -> mapping.apply(record))
                .withMessage(message)
                .withNoCause()
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
                    assertThat(failure.pointer()).hasToString(pointer);
                    assertThat(message).endsWith(failure.problem());
                });
    }

    @Test
    void keepsTheTraceOfWhatFailed() {
        FieldMapping mapping = unchanged().each("/l", value -> json(String.valueOf(Integer.parseInt("x"))));

        assertThatExceptionOfType(MappingException.class)
                .isThrownBy(() -> mapping.apply(json("{'l':[1]}")))
                .satisfies(failure -> assertThat(failure.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("parseInt")));
    }

    @Test
    void failuresOfHeadraceItselfPassUnchanged() {
        HeadraceException own = new HeadraceException(FailureKind.CONFIGURATION, "mine", null);
        FieldMapping mapping = unchanged().map("/a", Transform.named("mine", value -> {
            throw own;
        }));

        assertThatExceptionOfType(HeadraceException.class)
                .isThrownBy(() -> mapping.apply(json("{'a':1}")))
                .isSameAs(own);
    }

    static Stream<Function<String, FieldMapping>> stepsWithAPath() {
        return Stream.of(
                path -> unchanged().rename(path, "x"),
                path -> unchanged().move(path, "/x"),
                path -> unchanged().remove(path));
    }

    @ParameterizedTest
    @MethodSource("stepsWithAPath")
    void theWholeRecordCannotBeTakenAway(Function<String, FieldMapping> step) {
        assertThatIllegalArgumentException().isThrownBy(() -> step.apply(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user.name", "a/b", "/a~"})
    void malformedPointersFailWhereTheyAreWritten(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> unchanged().set(path, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> unchanged().map(path, strip()));
        assertThatIllegalArgumentException().isThrownBy(() -> MappedField.from(path));
        assertThatIllegalArgumentException().isThrownBy(() -> exists(path));
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(FieldMapping::select);
        assertThatIllegalArgumentException().isThrownBy(() -> greaterThan("/a", List.of()));
    }
}
