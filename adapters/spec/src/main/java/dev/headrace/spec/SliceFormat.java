package dev.headrace.spec;

import static dev.headrace.spec.Root.CONFIG;
import static dev.headrace.spec.Root.STATE;
import static dev.headrace.spec.Scalars.integer;
import static dev.headrace.spec.Scalars.pointer;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Shapes.list;
import static dev.headrace.spec.Shapes.located;
import static dev.headrace.spec.Shapes.map;
import static dev.headrace.spec.Shapes.oneOrMany;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the format that divides a stream into slices. */
final class SliceFormat {

    /** A list, and what its elements are called. */
    private record Values(
            Located<JsonForm> values, @Nullable String name) {

        SliceForm form() {
            SliceForm form = new SliceForm(values.found(), name, values.value());
            if (values.value() instanceof JsonForm.Row && form.names().isEmpty()) {
                throw new IllegalArgumentException("needs 'name' for elements that are no mappings");
            }
            return form;
        }
    }

    private static final Shape<JsonForm> LIST =
            list(JsonForm.open(CONFIG, STATE)).map(JsonForm.Row::new);

    private static final Shape<JsonForm> EXPRESSION =
            Scalars.template(CONFIG, STATE).map(JsonForm.Leaf::new);

    private static final Shape<SliceForm> SLICE = Section.<Values>ofKinds(
                    "slices", "Slices from a list; of several lists there are all combinations.")
            .kind(
                    "list",
                    "The list: mappings of names and values, or values of one 'name'.",
                    located(LIST),
                    list -> new Values(list, null))
            .kind(
                    "values",
                    "An expression that gives the list, such as \"{{ config.accounts }}\".",
                    located(EXPRESSION),
                    values -> new Values(values, null))
            .key(
                    "name",
                    "What each element is called in the slice, unless it is a mapping.",
                    text(),
                    (values, name) -> new Values(values.values(), name))
            .map(Values::form);

    static final Shape<List<SliceForm>> SLICES = oneOrMany(SLICE);

    private static final Shape<ParentForm.Cached> CACHED = Section.<ParentForm.Cached>ofKinds(
                    "cached", "Where the parent's records are kept, so that they are read once for all its children.")
            .word("memory", "In memory.", () -> new ParentForm.Cached(null))
            .kind("disk", "In a file in this directory.", text().map(Path::of), ParentForm.Cached::new);

    private static final Shape<ParentForm> PARENT = Section.of(
                    "parent", "A stream of this spec whose records are slices.", ParentForm.NONE)
            .required("stream", "Its name.", located(text()), ParentForm::stream)
            .required(
                    "values",
                    "What of its records goes into the slice: places by name.",
                    map(pointer()),
                    ParentForm::values)
            .key("batch", "So many records make one slice, whose values are lists.", integer(), ParentForm::batch)
            .flag(
                    "incremental",
                    "Only slices of records that are new or have changed are read, by the parent's cursor; not with"
                            + " cached.",
                    ParentForm::asIncremental)
            .key(
                    "cached",
                    "Where the parent's records are kept, so that they are read once for all children that say so. They are"
                            + " read whole: a parent that is incremental itself is read once more as a stream of its own. Not"
                            + " with incremental.",
                    CACHED,
                    ParentForm::cached);

    static final Shape<List<ParentForm>> PARENTS = oneOrMany(PARENT);

    private SliceFormat() {}
}
