package dev.headrace.spec;

import static dev.headrace.spec.Scalars.pointer;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Shapes.list;
import static dev.headrace.spec.Shapes.map;
import static dev.headrace.spec.Shapes.oneOrMany;

import dev.headrace.json.Pointer;
import dev.headrace.stream.Conditions;
import dev.headrace.stream.FieldMapping;
import dev.headrace.stream.MappedField;
import dev.headrace.stream.Transform;
import dev.headrace.stream.Transforms;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** The part of the format that gives records another shape, step by step. */
final class MappingFormat {

    /** One step of a mapping. */
    private interface Step extends UnaryOperator<FieldMapping> {}

    /** A transform by its name, alone or with parameters. */
    private static final Shape<Transform> TRANSFORM = new Shape<>() {
        @Override
        public @Nullable Transform read(Found found) {
            if (found.node() instanceof YamlNode.Mapping mapping
                    && mapping.entries().size() == 1) {
                YamlNode.Entry entry = mapping.entries().get(0);
                return Shape.accepted(
                        found,
                        () -> Transforms.standard()
                                .get(entry.key(), entry.value().json()));
            }
            String name = text().read(found);
            return name == null ? null : named(found, name);
        }

        private @Nullable Transform named(Found found, String name) {
            return Transforms.standard().names().contains(name)
                    ? Shape.accepted(found, () -> Transforms.named(name))
                    : found.problem("there is no transform '" + name + "'"
                            + Suggestion.of(name, Transforms.standard().names()) + "; there are "
                            + String.join(", ", Transforms.standard().names()));
        }

        @Override
        public ObjectNode schema(EditorSchema schema) {
            return schema.defined("transform", this::definition);
        }

        private ObjectNode definition() {
            ObjectNode names = JsonNodeFactory.instance.objectNode();
            Transforms.standard().names().forEach(names.putArray("enum")::add);
            ObjectNode withParameters =
                    EditorSchema.type("object").put("minProperties", 1).put("maxProperties", 1);
            return EditorSchema.described(
                    EditorSchema.anyOf(List.of(
                            EditorSchema.described(names, "Its name."),
                            EditorSchema.described(
                                    withParameters,
                                    "Its name with its parameters, such as {number: {locale: de-CH}}."))),
                    "What makes another value of a value.");
        }
    };

    /** From one place to another. */
    private record Way(String from, String to) {}

    private static final Shape<Way> WAY = Section.of(
                    "mapping_way", "From one place in the record to another.", new Way("", ""))
            .required("from", "Where the value is.", pointer(), (way, from) -> new Way(from, way.to()))
            .required("to", "Where it is to be.", pointer(), (way, to) -> new Way(way.from(), to));

    private static final Shape<Way> NAME = Section.of("mapping_rename", "Another name for a field.", new Way("", ""))
            .required("from", "Where the field is.", pointer(), (way, from) -> new Way(from, way.to()))
            .required("to", "Its new name.", text(), (way, to) -> new Way(way.from(), to));

    /** A constant for a place. */
    private record Constant(String at, JsonNode value) {}

    private static final Shape<Constant> CONSTANT = Section.of(
                    "mapping_set", "A constant for a place.", new Constant("", NullNode.getInstance()))
            .required("at", "Where it is to be.", pointer(), (constant, at) -> new Constant(at, constant.value()))
            .required("value", "The constant.", Shapes.json(), (constant, value) -> new Constant(constant.at(), value));

    /** What is done with a value. */
    private record Change(String at, List<Transform> with) {

        Transform transform() {
            return Transform.chain(with);
        }
    }

    private static final Shape<Change> CHANGE = Section.of(
                    "mapping_transform", "What becomes of a value.", new Change("", List.of()))
            .required("at", "Where the value is.", pointer(), (change, at) -> new Change(at, change.with()))
            .required(
                    "with",
                    "The transforms it goes through, by their names.",
                    oneOrMany(TRANSFORM),
                    (change, with) -> new Change(change.at(), with));

    private static final Shape<Change> EACH = Section.of(
                    "mapping_each", "What becomes of each element of a list.", new Change("", List.of()))
            .required("at", "Where the list is.", pointer(), (change, at) -> new Change(at, change.with()))
            .key(
                    "with",
                    "The transforms each element goes through.",
                    oneOrMany(TRANSFORM),
                    (change, with) -> new Change(change.at(), with))
            .key(
                    "map",
                    "The steps each element goes through, an object like a record.",
                    Shapes.lazily(MappingFormat::steps),
                    (change, mapping) -> new Change(change.at(), List.of(Transform.chain(change.with()), mapping)));

    private static final Shape<MappedField> FIELD = Section.<MappedField>ofKinds(
                    "mapping_field", "A field of the new record.")
            .shortForm("Where in the old record its value is.", pointer().map(MappedField::from))
            .kind("from", "Where in the old record its value is.", pointer(), MappedField::from)
            .key(
                    "with",
                    "The transforms it goes through.",
                    oneOrMany(TRANSFORM),
                    (field, with) -> field.map(Transform.chain(with)))
            .key("when", "Only in records like that.", Shapes.lazily(MappingFormat::condition), MappedField::when)
            .flag("required", "A record without it is an error.", MappedField::required);

    private static final Shape<Constant> COMPARED = Section.of(
                    "mapping_compared", "A place and a value.", new Constant("", NullNode.getInstance()))
            .required("at", "The place.", pointer(), (constant, at) -> new Constant(at, constant.value()))
            .required("value", "The value.", Shapes.json(), (constant, value) -> new Constant(constant.at(), value));

    static final Shape<Predicate<JsonNode>> CONDITION = Section.<Predicate<JsonNode>>ofKinds(
                    "mapping_condition", "What a record must be like.")
            .kind("exists", "It has something there.", pointer(), Conditions::exists)
            .kind(
                    "equal",
                    "It has this value there.",
                    COMPARED,
                    compared -> Conditions.equalTo(compared.at(), compared.value()))
            .kind(
                    "greater",
                    "It has more than this there.",
                    COMPARED,
                    compared -> Conditions.greaterThan(compared.at(), compared.value()))
            .kind(
                    "less",
                    "It has less than this there.",
                    COMPARED,
                    compared -> Conditions.lessThan(compared.at(), compared.value()))
            .kind("not", "It is not like that.", Shapes.lazily(MappingFormat::condition), Predicate::not)
            .kind(
                    "all",
                    "It is like all of these.",
                    Shapes.lazily(MappingFormat::conditions),
                    all -> record -> all.stream().allMatch(one -> one.test(record)))
            .kind(
                    "any",
                    "It is like one of these.",
                    Shapes.lazily(MappingFormat::conditions),
                    any -> record -> any.stream().anyMatch(one -> one.test(record)));

    private static Shape<List<Predicate<JsonNode>>> conditions() {
        return Shapes.list(CONDITION);
    }

    private static Shape<Predicate<JsonNode>> condition() {
        return CONDITION;
    }

    /** Steps for some records. */
    private record Conditional(@Nullable Predicate<JsonNode> condition, FieldMapping then) {

        FieldMapping behind(FieldMapping mapping) {
            return condition == null ? mapping.then(then) : mapping.when(condition, then);
        }
    }

    private static final Shape<Conditional> WHEN = Section.of(
                    "mapping_when", "Steps for some records only.", new Conditional(null, FieldMapping.unchanged()))
            .required(
                    "record",
                    "What a record must be like.",
                    CONDITION,
                    (when, condition) -> new Conditional(condition, when.then()))
            .required(
                    "then",
                    "What becomes of it.",
                    Shapes.lazily(MappingFormat::steps),
                    (when, then) -> new Conditional(when.condition(), then));

    private static final Shape<Step> STEP = Section.<Step>ofKinds(
                    "mapping_step", "One change of the record; steps run in their order.")
            .word("remove_nulls", "Takes away all fields that are null.", () -> FieldMapping::removeNulls)
            .word("fail_on_missing", "What a step does not find is an error.", () -> FieldMapping::failOnMissing)
            .kind(
                    "rename",
                    "Gives a field another name.",
                    NAME,
                    way -> tried(mapping -> mapping.rename(way.from(), way.to())))
            .kind(
                    "move",
                    "Takes a value to another place.",
                    WAY,
                    way -> tried(mapping -> mapping.move(way.from(), way.to())))
            .kind(
                    "copy",
                    "Puts a value at a second place.",
                    WAY,
                    way -> tried(mapping -> mapping.copy(way.from(), way.to())))
            .kind("remove", "Takes fields away.", oneOrMany(pointer()), MappingFormat::removing)
            .kind(
                    "set",
                    "Puts a constant at a place.",
                    CONSTANT,
                    constant -> tried(mapping -> mapping.set(constant.at(), constant.value())))
            .kind(
                    "transform",
                    "Makes another value of one.",
                    CHANGE,
                    change -> tried(mapping -> mapping.map(change.at(), change.transform())))
            .kind(
                    "each",
                    "Makes another value of each element of a list.",
                    EACH,
                    change -> tried(mapping -> mapping.each(change.at(), change.transform())))
            .kind("when", "Changes some records only.", WHEN, when -> tried(when::behind))
            .kind(
                    "select",
                    "Makes a new record of the fields named here, and of nothing else.",
                    map(FIELD),
                    MappingFormat::selecting);

    static final Shape<FieldMapping> MAPPING = list(STEP).map(steps -> {
        FieldMapping mapping = FieldMapping.unchanged();
        for (Step step : steps) {
            mapping = step.apply(mapping);
        }
        return mapping;
    });

    private static Shape<FieldMapping> steps() {
        return MAPPING;
    }

    /** Refused at once if the library refuses it. */
    private static Step tried(Step step) {
        Objects.requireNonNull(step.apply(FieldMapping.unchanged()));
        return step;
    }

    private static Step removing(List<String> places) {
        return tried(mapping -> {
            FieldMapping less = mapping;
            for (String place : places) {
                less = less.remove(place);
            }
            return less;
        });
    }

    private static Step selecting(Map<String, MappedField> fields) {
        MappedField[] all = fields.entrySet().stream()
                .map(field -> field.getValue().to(new Pointer(List.of(field.getKey())).toString()))
                .toArray(MappedField[]::new);
        FieldMapping selection = FieldMapping.select(all);
        return mapping -> mapping.then(selection);
    }

    private MappingFormat() {}
}
