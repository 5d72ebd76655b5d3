package dev.headrace.spec;

import dev.headrace.stream.FieldMapping;
import dev.headrace.stream.Slice;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How records get another shape, as a spec has it: steps, of which some may put values that only the config or the slice
 * gives.
 *
 * @param steps in their order
 */
record MappingForm(List<Step> steps) {

    static final MappingForm UNCHANGED = new MappingForm(List.of());

    MappingForm {
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param isSettled whether it is the same for all records of a reading
     * @param change the mapping with the step, of the mapping before
     */
    record Step(boolean isSettled, BiFunction<FieldMapping, Scope, FieldMapping> change) {

        /** One that speaks of nothing; refused at once if the library refuses it. */
        static Step constant(UnaryOperator<FieldMapping> change) {
            FieldMapping ignored = change.apply(FieldMapping.unchanged());
            return new Step(true, (mapping, scope) -> change.apply(mapping));
        }
    }

    /** Whether it is the same for all records of a reading. */
    boolean isSettled() {
        return steps.stream().allMatch(Step::isSettled);
    }

    FieldMapping in(Scope scope) {
        FieldMapping mapping = FieldMapping.unchanged();
        for (Step step : steps) {
            mapping = step.change().apply(mapping, scope);
        }
        return mapping;
    }

    /** For the records of all slices; what is made for one is kept until there is another. */
    BiFunction<JsonNode, Slice, JsonNode> bySlice(Scope scope) {
        AtomicReference<@Nullable OfSlice> last = new AtomicReference<>();
        return (record, slice) -> {
            OfSlice made = last.get();
            if (made == null || !made.slice().equals(slice)) {
                made = new OfSlice(slice, in(scope.slice(slice.json())));
                last.set(made);
            }
            return made.mapping().apply(record);
        };
    }

    private record OfSlice(Slice slice, FieldMapping mapping) {}
}
