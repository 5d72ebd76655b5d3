package dev.headrace.spec;

import dev.headrace.connector.Endpoint;
import dev.headrace.http.Request;
import dev.headrace.pagination.PageOptions;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.RecordStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Says what does not go together: each stream is put together once without a config, setting by setting, and what the
 * library refuses is a problem where that setting stands.
 */
final class Trial {

    /** Of so many circles at most is told where they go; nobody can want to know more at once. */
    private static final int MOST_CIRCLES = 100;

    /** Settings that the library refuses or not by what else there is. */
    private static final Set<String> OF_OTHERS =
            Set.of("windows", "expired_pages", "page_tokens_expire", "result_window", "checkpoint_every");

    private final SpecForm spec;
    private final Set<String> names;
    private final Ancestry ancestry;
    private final Map<String, ParentForm.Cached> kept = new HashMap<>();
    private int circles;

    /**
     * A trial of what could be read.
     *
     * @param spec what could be read
     * @param names the names of all streams, readable or not
     */
    Trial(SpecForm spec, Set<String> names) {
        this.spec = spec;
        this.names = names;
        Map<String, List<String>> parents = new LinkedHashMap<>();
        spec.streams()
                .forEach((name, stream) -> parents.put(
                        name,
                        stream.value().parents.stream()
                                .map(parent -> parent.named().value())
                                .toList()));
        this.ancestry = new Ancestry(parents);
    }

    void run() {
        spec.streams().forEach((name, stream) -> {
            if (name.isBlank()) {
                stream.found().<String>problem(stream.found().holder(), "the name of a stream must not be blank");
            } else if (stream.value().events != null) {
                events(stream);
            } else if (!stream.lacks("events")) {
                records(name, stream);
                slices(stream.value());
                parents(name, stream.value());
            }
        });
    }

    private static void events(Located<StreamForm> stream) {
        if (stream.found().node() instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                if (StreamFormat.OF_PAGES.contains(entry.key())) {
                    stream.found()
                            .value(entry)
                            .<String>problem(entry.at(), "is for pages of records; this is a stream of events");
                }
            }
        }
    }

    private static void records(String name, Located<StreamForm> located) {
        StreamForm form = located.value();
        RecordStream<JsonNode> stream = RecordStream.of(name, endpoint(form));
        Cursor cursor = form.cursor == null ? null : form.cursor.tried();
        stream = cursor == null ? stream : stream.cursor(cursor);
        // What needs a cursor, windows or a pagination cannot be tried if there is only a broken one.
        boolean broken = located.lacks("cursor", "windows", "pagination", "paging", "slices", "parents", "place");
        for (Located<UnaryOperator<RecordStream<JsonNode>>> setting : form.settings) {
            stream = broken && OF_OTHERS.contains(key(setting.found())) ? stream : put(stream, setting);
        }
    }

    private static String key(Found found) {
        return found.path().substring(found.path().lastIndexOf('.') + 1);
    }

    private static RecordStream<JsonNode> put(
            RecordStream<JsonNode> stream, Located<UnaryOperator<RecordStream<JsonNode>>> setting) {
        RecordStream<JsonNode> with =
                Shape.accepted(setting.found(), () -> setting.value().apply(stream));
        return with == null ? stream : with;
    }

    private static Endpoint<JsonNode> endpoint(StreamForm form) {
        Endpoint<JsonNode> endpoint = Endpoint.of(Request.get("/")).decode(form.format.at(form.items));
        Endpoint<JsonNode> begun = endpoint;
        if (form.paging != null) {
            PageOptions options = form.paging.value();
            Endpoint<JsonNode> paged = Shape.accepted(form.paging.found(), () -> begun.paging(defaults -> options));
            endpoint = paged == null ? endpoint : paged;
        }
        Endpoint<JsonNode> whole = endpoint;
        if (form.pagination != null) {
            Located<PaginationFormat.Paged> pagination = form.pagination;
            Endpoint<JsonNode> paginated = Shape.accepted(
                    pagination.found(), () -> whole.paginate(pagination.value().pagination()));
            endpoint = paginated == null ? endpoint : paginated;
        }
        return endpoint;
    }

    private static void slices(StreamForm form) {
        Set<String> names = new LinkedHashSet<>();
        for (SliceForm slice : form.slices) {
            if (!namesDiffer(slice)) {
                slice.names()
                        .ifPresent(own -> own.stream()
                                .filter(name -> !names.add(name))
                                .forEach(name -> slice.found()
                                        .<String>problem("there are values of the name " + Suggestion.quoted(name)
                                                + " already; each list needs its own")));
            }
        }
    }

    /** Whether the elements of a list have different names, which would leave some slices without a value. */
    private static boolean namesDiffer(SliceForm slice) {
        if (slice.name() != null
                || !(slice.values() instanceof JsonForm.Row row)
                || !(slice.found().node() instanceof YamlNode.Sequence written)
                || !(row.elements().get(0) instanceof JsonForm.Members first)) {
            return false;
        }
        for (int index = 1; index < row.elements().size(); index++) {
            if (row.elements().get(index) instanceof JsonForm.Members other
                    && !other.members().keySet().equals(first.members().keySet())) {
                slice.found()
                        .element(index, written.elements().get(index))
                        .<String>problem("has other names than the first element, which has "
                                + String.join(", ", first.members().keySet()));
                return true;
            }
        }
        return false;
    }

    private void parents(String name, StreamForm form) {
        Set<String> seen = new LinkedHashSet<>();
        for (ParentForm parent : form.parents) {
            Located<String> stream = parent.named();
            String problem = parentProblem(name, stream.value(), parent);
            if (problem == null && !seen.add(stream.value())) {
                problem = "'" + stream.value() + "' is a parent already";
            }
            if (problem == null && isKeptElsewhere(stream.value(), parent.cached())) {
                problem = "'" + stream.value() + "' is cached in another way by another stream; it is kept only once";
            }
            if (problem != null) {
                stream.found().<String>problem(problem);
            }
        }
    }

    private boolean isKeptElsewhere(String parent, ParentForm.@Nullable Cached cached) {
        return cached != null && !cached.equals(kept.computeIfAbsent(parent, any -> cached));
    }

    private @Nullable String parentProblem(String name, String parent, ParentForm form) {
        if (!names.contains(parent)) {
            return "there is no stream " + Suggestion.quoted(parent) + Suggestion.of(parent, names);
        }
        List<String> circle = circles < MOST_CIRCLES ? ancestry.circle(name, parent) : List.of();
        if (!circle.isEmpty()) {
            circles++;
            return "a stream cannot be its own parent: " + String.join(" < ", circle);
        }
        if (ancestry.isTooDeep(name)) {
            return "there are more than " + Ancestry.MOST_GENERATIONS + " generations of parents above '" + name + "'";
        }
        Located<StreamForm> stream = spec.streams().get(parent);
        if (stream != null && stream.value().events != null) {
            return "'" + parent + "' is a stream of events, which has no end; it cannot be a parent";
        }
        return stream != null
                        && form.incremental()
                        && stream.value().cursor == null
                        && !stream.lacks("cursor", "events")
                ? "'" + parent + "' has no cursor, so it cannot be a parent that is read incrementally"
                : null;
    }
}
