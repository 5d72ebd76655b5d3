package dev.headrace.spec;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Pointer;
import dev.headrace.stream.ParentStream;
import dev.headrace.stream.RecordCache;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Slice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A stream whose records are the slices of another.
 *
 * @param stream its name, and where that stands
 * @param values what of a record goes into the slice: pointers by name
 * @param batch how many records make one slice
 * @param incremental whether it is read incrementally
 * @param cached where its records are kept for other streams
 */
record ParentForm(
        @Nullable Located<String> stream,
        Map<String, String> values,
        int batch,
        boolean incremental,
        @Nullable Cached cached) {

    static final ParentForm NONE = new ParentForm(null, Map.of(), 1, false, null);

    /** Where records are kept: in memory, or in a directory. */
    record Cached(@Nullable Path directory) {

        RecordCache<JsonNode> of(String stream) {
            return directory == null
                    ? RecordCache.inMemory()
                    : RecordCache.onDisk(
                            directory.resolve(stream.replaceAll("[^\\w.-]", "_") + ".ndjson"), JsonNode.class);
        }
    }

    ParentForm stream(Located<String> stream) {
        return new ParentForm(stream, values, batch, incremental, cached);
    }

    ParentForm values(Map<String, String> values) {
        return new ParentForm(stream, values, batch, incremental, cached);
    }

    ParentForm batch(int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("batch must be at least 1, but is " + batch);
        }
        return new ParentForm(stream, values, batch, incremental, cached);
    }

    ParentForm asIncremental() {
        return new ParentForm(stream, values, batch, true, cached);
    }

    ParentForm cached(Cached cached) {
        if (incremental) {
            throw new IllegalArgumentException("a parent that is read incrementally cannot be cached");
        }
        return new ParentForm(stream, values, batch, incremental, cached);
    }

    Located<String> named() {
        return Objects.requireNonNull(stream);
    }

    ParentStream<JsonNode> of(RecordStream<JsonNode> parent) {
        Map<String, Pointer> places = new LinkedHashMap<>();
        values.forEach((name, pointer) -> places.put(name, Pointer.of(pointer)));
        ParentStream<JsonNode> read = ParentStream.of(parent, record -> slice(record, places));
        ParentStream<JsonNode> batched = batch == 1 ? read : read.batch(batch);
        return incremental ? batched.incremental() : batched;
    }

    private Slice slice(JsonNode record, Map<String, Pointer> places) {
        Slice slice = Slice.EMPTY;
        for (Map.Entry<String, Pointer> place : places.entrySet()) {
            JsonNode value = place.getValue()
                    .in(record)
                    .filter(found -> !found.isNull())
                    .orElseThrow(() -> new HeadraceException(
                            FailureKind.UNTRUSTED_DATA,
                            "A record of the parent stream '" + named().value() + "' has no '" + place.getValue()
                                    + "' for the slice's value '" + place.getKey() + "'",
                            null));
            slice = slice.with(place.getKey(), value);
        }
        return slice;
    }
}
