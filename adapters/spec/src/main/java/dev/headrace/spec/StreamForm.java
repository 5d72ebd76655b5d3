package dev.headrace.spec;

import dev.headrace.connector.Endpoint;
import dev.headrace.decode.OnInvalid;
import dev.headrace.http.Request;
import dev.headrace.pagination.PageOptions;
import dev.headrace.spec.PaginationFormat.Paged;
import dev.headrace.stream.RecordStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A stream as a spec has it. Its fields are written only between its creation and that of the value around it. */
final class StreamForm implements Cloneable {

    @Nullable
    RequestForm request;

    String items = "";
    boolean itemsOptional;
    DecoderFormat.Items format = DecoderFormat.Items.JSON;

    @Nullable
    Located<Paged> pagination;

    @Nullable
    Located<PageOptions> paging;

    @Nullable
    String namespace;

    List<String> key = List.of();

    @Nullable
    CursorForm cursor;

    List<SliceForm> slices = List.of();
    List<ParentForm> parents = List.of();
    Map<String, PaginationFormat.Place> places = Map.of();

    SchemaFormat.@Nullable Written schema;

    OnInvalid onInvalid = OnInvalid.WARN;

    Map<Integer, String> unavailableReasons = Map.of();

    @Nullable
    MappingForm mapping;

    @Nullable
    Predicate<JsonNode> filter;

    @Nullable
    EventsForm events;

    /** Names of values that slices get from their windows. */
    Set<String> windowNames = Set.of();

    /** Further settings, in their order. */
    List<Located<UnaryOperator<RecordStream<JsonNode>>>> settings = List.of();

    StreamForm with(Consumer<StreamForm> change) {
        try {
            StreamForm copy = (StreamForm) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    StreamForm setting(Located<? extends UnaryOperator<RecordStream<JsonNode>>> setting) {
        return with(form -> {
            List<Located<UnaryOperator<RecordStream<JsonNode>>>> more = new ArrayList<>(settings);
            more.add(new Located<>(setting.found(), setting.value()));
            form.settings = List.copyOf(more);
        });
    }

    RequestForm requested() {
        return Objects.requireNonNull(request);
    }

    /** The same with the bounds of windows, which requests see; empty if they are known only with the config. */
    Optional<Set<String>> sliceNames() {
        return ownSliceNames().map(own -> {
            Set<String> names = new LinkedHashSet<>(windowNames);
            names.addAll(own);
            return names;
        });
    }

    /** The names of a slice's values; empty if they are known only with the config. */
    Optional<Set<String>> ownSliceNames() {
        Set<String> names = new LinkedHashSet<>();
        for (SliceForm slice : slices) {
            Optional<Set<String>> own = slice.names();
            if (own.isEmpty()) {
                return Optional.empty();
            }
            names.addAll(own.get());
        }
        parents.forEach(parent -> names.addAll(parent.values().keySet()));
        return Optional.of(names);
    }

    /** Whether each run reads all of it. */
    boolean isWhole() {
        return cursor == null && parents.stream().noneMatch(ParentForm::incremental);
    }

    /** Variables of the path that are given their values by something else than slices. */
    Set<String> givenVariables() {
        Set<String> given = new LinkedHashSet<>(cursor == null ? Set.of() : cursor.variables());
        if (pagination != null) {
            given.addAll(pagination.value().variables());
        }
        return given;
    }

    /** How pages are read, for a request. */
    Endpoint<JsonNode> reading(Request request) {
        Endpoint<JsonNode> endpoint = Endpoint.of(request).decode(format.at(items));
        endpoint = itemsOptional ? endpoint.itemsOptional() : endpoint;
        if (paging != null) {
            PageOptions options = paging.value();
            endpoint = endpoint.paging(defaults -> options);
        }
        return pagination == null
                ? endpoint
                : endpoint.paginate(pagination.value().pagination());
    }
}
