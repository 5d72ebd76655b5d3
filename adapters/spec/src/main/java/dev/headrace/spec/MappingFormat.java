package dev.headrace.spec;

import static dev.headrace.spec.Scalars.pointer;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Shapes.list;
import static dev.headrace.spec.Shapes.map;
import static dev.headrace.spec.Shapes.oneOrMany;

import dev.headrace.json.Pointer;
import dev.headrace.spec.MappingForm.Step;
import dev.headrace.stream.Conditions;
import dev.headrace.stream.FieldMapping;
import dev.headrace.stream.MappedField;
import dev.headrace.stream.Transform;
import dev.headrace.stream.Transforms;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** The part of the format that gives records another shape, step by step. */
final class MappingFormat {

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

    /** A value for a place. */
    private record Put(String at, JsonForm value) {

        Step step() {
            // What is put there may be known only later; a place that cannot be is wrong now.
            FieldMapping ignored = FieldMapping.unchanged().set(at, null);
            return new Step(value.isSettled(), this::behind);
        }

        private FieldMapping behind(FieldMapping mapping, Scope scope) {
            return value.value(scope).map(known -> mapping.set(at, known)).orElse(mapping);
        }
    }

    private static final Shape<Put> PUT = Section.of(
                    "mapping_set", "A value for a place.", new Put("", new JsonForm.Members(Map.of())))
            .required("at", "Where it is to be.", pointer(), (put, at) -> new Put(at, put.value()))
            .required(
                    "value",
                    "The value; where it is a single expression that has none, nothing is put.",
                    JsonForm.open(Root.CONFIG, Root.SLICE),
                    (put, value) -> new Put(put.at(), value));

    /** What is done with a value, or with each in a list: the steps behind the transforms. */
    private record Change(String at, List<Transform> with, MappingForm steps) {

        static final Change NONE = new Change("", List.of(), MappingForm.UNCHANGED);

        Change at(String at) {
            return new Change(at, with, steps);
        }

        Change with(List<Transform> with) {
            return new Change(at, with, steps);
        }

        Change steps(MappingForm steps) {
            return new Change(at, with, steps);
        }

        Step transform() {
            return Step.constant(mapping -> mapping.map(at, Transform.chain(with)));
        }

        Step each() {
            FieldMapping ignored = FieldMapping.unchanged().each(at, Transform.chain(with));
            return new Step(steps.isSettled(), this::ofEach);
        }

        private FieldMapping ofEach(FieldMapping mapping, Scope scope) {
            Transform transforms = Transform.chain(with);
            return mapping.each(
                    at, steps.steps().isEmpty() ? transforms : Transform.chain(transforms, steps.in(scope)));
        }
    }

    private static final Shape<Change> CHANGE = Section.of("mapping_transform", "What becomes of a value.", Change.NONE)
            .required("at", "Where the value is.", pointer(), Change::at)
            .required("with", "The transforms it goes through, by their names.", oneOrMany(TRANSFORM), Change::with);

    private static final Shape<Change> EACH = Section.of(
                    "mapping_each", "What becomes of each element of a list.", Change.NONE)
            .required("at", "Where the list is.", pointer(), Change::at)
            .key("with", "The transforms each element goes through.", oneOrMany(TRANSFORM), Change::with)
            .key(
                    "map",
                    "The steps each element goes through, an object like a record.",
                    Shapes.lazily(MappingFormat::steps),
                    Change::steps);

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

    /** What is looked for at a place. */
    private record Constant(String at, JsonNode value) {}

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
    private record Conditional(@Nullable Predicate<JsonNode> condition, MappingForm then) {

        Step step() {
            return new Step(then.isSettled(), this::behind);
        }

        private FieldMapping behind(FieldMapping mapping, Scope scope) {
            FieldMapping some = then.in(scope);
            return condition == null ? mapping.then(some) : mapping.when(condition, some);
        }
    }

    private static final Shape<Conditional> WHEN = Section.of(
                    "mapping_when", "Steps for some records only.", new Conditional(null, MappingForm.UNCHANGED))
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
            .word(
                    "remove_nulls",
                    "Takes away all fields that are null.",
                    () -> Step.constant(FieldMapping::removeNulls))
            .word(
                    "fail_on_missing",
                    "What a step does not find is an error.",
                    () -> Step.constant(FieldMapping::failOnMissing))
            .kind(
                    "rename",
                    "Gives a field another name.",
                    NAME,
                    way -> Step.constant(mapping -> mapping.rename(way.from(), way.to())))
            .kind(
                    "move",
                    "Takes a value to another place.",
                    WAY,
                    way -> Step.constant(mapping -> mapping.move(way.from(), way.to())))
            .kind(
                    "copy",
                    "Puts a value at a second place.",
                    WAY,
                    way -> Step.constant(mapping -> mapping.copy(way.from(), way.to())))
            .kind("remove", "Takes fields away.", oneOrMany(pointer()), MappingFormat::removing)
            .kind("set", "Puts a value at a place.", PUT, Put::step)
            .kind("transform", "Makes another value of one.", CHANGE, Change::transform)
            .kind("each", "Makes another value of each element of a list.", EACH, Change::each)
            .kind("when", "Changes some records only.", WHEN, Conditional::step)
            .kind(
                    "select",
                    "Makes a new record of the fields named here, and of nothing else.",
                    map(FIELD),
                    MappingFormat::selecting);

    static final Shape<MappingForm> MAPPING = list(STEP).map(MappingForm::new);

    private static Shape<MappingForm> steps() {
        return MAPPING;
    }

    private static Step removing(List<String> places) {
        return Step.constant(mapping -> {
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
        return Step.constant(mapping -> mapping.then(selection));
    }

    private MappingFormat() {}
}
