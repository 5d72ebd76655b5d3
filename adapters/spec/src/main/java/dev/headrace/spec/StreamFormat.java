package dev.headrace.spec;

import static dev.headrace.spec.Scalars.integer;
import static dev.headrace.spec.Scalars.pointer;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Scalars.word;
import static dev.headrace.spec.Shapes.located;
import static dev.headrace.spec.Shapes.map;
import static dev.headrace.spec.Shapes.oneOrMany;

import dev.headrace.decode.OnInvalid;
import dev.headrace.stream.RecordStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** The part of the format that describes one stream. */
final class StreamFormat {

    /** Keys that say nothing to a stream of events. */
    static final List<String> OF_PAGES = List.of(
            "items",
            "items_optional",
            "format",
            "pagination",
            "paging",
            "cursor",
            "windows",
            "slices",
            "parents",
            "place",
            "concurrency",
            "max_slice_states",
            "expired_pages",
            "page_tokens_expire",
            "result_window",
            "slice_errors",
            "checkpoint_every");

    /** What becomes of the stream when a slice fails. */
    private enum SliceErrors {
        FAIL,
        NOTICE
    }

    static final Section<StreamForm> STREAM = Section.of(
                    "stream",
                    "A stream: what is asked, how pages are read, and what is kept of them.",
                    new StreamForm())
            .required(
                    "request",
                    "What is asked.",
                    RequestFormat.REQUEST,
                    (form, request) -> form.with(f -> f.request = request))
            .key(
                    "events",
                    "The stream is one of server-sent events.",
                    EventsFormat.EVENTS,
                    (form, events) -> form.with(f -> f.events = events))
            .key(
                    "format",
                    "How a page's body is written; default json.",
                    DecoderFormat.FORMAT,
                    (form, format) -> form.with(f -> f.format = format))
            .key("items", "Where in a page the items are; default the root.", pointer(), StreamFormat::items)
            .flag(
                    "items_optional",
                    "A page without that place has no items, instead of being an error.",
                    StreamFormat::itemsOptional)
            .key(
                    "pagination",
                    "How one page leads to the next; default none.",
                    located(PaginationFormat.PAGINATION),
                    (form, pagination) -> form.with(f -> f.pagination = pagination))
            .key(
                    "paging",
                    "How pages are read one after the other.",
                    located(PaginationFormat.PAGING),
                    (form, paging) -> form.with(f -> f.paging = paging))
            .key(
                    "namespace",
                    "What the stream's name belongs to.",
                    text(),
                    (form, namespace) -> form.with(f -> f.namespace = namespace))
            .key(
                    "key",
                    "What identifies a record: one place in it, or several.",
                    oneOrMany(pointer()),
                    (form, key) -> form.with(f -> f.key = key))
            .key(
                    "slices",
                    "The slices that the stream is read in.",
                    SliceFormat.SLICES,
                    (form, slices) -> form.with(f -> f.slices = slices))
            .key(
                    "parents",
                    "Streams whose records are the slices of this one.",
                    SliceFormat.PARENTS,
                    StreamFormat::parents)
            .key(
                    "place",
                    "Where values of the slice go that are no variables of the path.",
                    map(PaginationFormat.PLACEMENT),
                    (form, places) -> form.with(f -> f.places = new LinkedHashMap<>(places)))
            .key("cursor", "What the stream is read incrementally by.", CursorFormat.CURSOR, StreamFormat::cursor)
            .key(
                    "windows",
                    "Windows of time in which each slice is read.",
                    located(CursorFormat.WINDOWS),
                    StreamFormat::windows)
            .key(
                    "concurrency",
                    "Slices that are read side by side; default 1.",
                    setting(integer(), RecordStream::concurrency),
                    StreamForm::setting)
            .key(
                    "max_slice_states",
                    "For how many slices the state keeps a position each; default 10000.",
                    setting(integer(), RecordStream::maxSliceStates),
                    StreamForm::setting)
            .key(
                    "expired_pages",
                    "What becomes of a slice when a page's token has become too old.",
                    setting(CursorFormat.EXPIRED_PAGES, RecordStream::expiredPages),
                    StreamForm::setting)
            .key(
                    "page_tokens_expire",
                    "Tokens of pages are of no use to a later run.",
                    setting(Scalars.truth(), (stream, yes) -> yes ? stream.pageTokensExpire() : stream),
                    StreamForm::setting)
            .key(
                    "result_window",
                    "Behind how many records of one query the remote shows no more.",
                    setting(CursorFormat.RESULT_WINDOW, RecordStream::resultWindow),
                    StreamForm::setting)
            .key(
                    "schema",
                    "What records look like.",
                    SchemaFormat.SCHEMA,
                    (form, schema) -> form.with(f -> f.schema = schema))
            .key(
                    "on_invalid",
                    "What becomes of records that do not fit the schema; default warn.",
                    word(OnInvalid.class),
                    (form, choice) -> form.with(f -> f.onInvalid = choice))
            .key(
                    "slice_errors",
                    "What becomes of the stream when a slice fails; default fail. What no slice is at fault for, such as a"
                            + " rate limit of the connector's own, ends it in any case.",
                    setting(
                            word(SliceErrors.class),
                            (stream, choice) -> choice == SliceErrors.NOTICE ? stream.sliceErrorsAsNotices() : stream),
                    StreamForm::setting)
            .key(
                    "checkpoint_every",
                    "Checkpoints come after so many records, or such a time; default after every page. A checkpoint has a"
                            + " position for each slice that has been read, so with thousands of slices fewer make less to"
                            + " write and to save; the command holds long ones back that come too fast.",
                    setting(text(), StreamFormat::checkpointEvery),
                    StreamForm::setting)
            .key(
                    "unavailable_reasons",
                    "What it means if the stream's check is answered with some statuses: words by status.",
                    map(text()).map(StreamFormat::byStatus),
                    (form, reasons) -> form.with(f -> f.unavailableReasons = reasons))
            .key(
                    "filter",
                    "Keeps only records like that.",
                    MappingFormat.CONDITION,
                    (form, condition) -> form.with(f -> f.filter = condition))
            .key(
                    "map",
                    "Gives records another shape, step by step.",
                    MappingFormat.MAPPING,
                    (form, mapping) -> form.with(f -> f.mapping = mapping));

    private StreamFormat() {}

    private static <V> Shape<Located<UnaryOperator<RecordStream<JsonNode>>>> setting(
            Shape<V> shape, BiFunction<RecordStream<JsonNode>, V, RecordStream<JsonNode>> put) {
        return located(shape.map(value -> stream -> put.apply(stream, value)));
    }

    private static StreamForm items(StreamForm form, String pointer) {
        if (!form.format.havePlace()) {
            throw new IllegalArgumentException("items have no place in this format, only in json");
        }
        return form.with(f -> f.items = pointer);
    }

    private static StreamForm itemsOptional(StreamForm form) {
        if (!form.format.havePlace()) {
            throw new IllegalArgumentException("items have no place in this format, only in json");
        }
        return form.with(f -> f.itemsOptional = true);
    }

    private static StreamForm parents(StreamForm form, List<ParentForm> parents) {
        if (!form.slices.isEmpty()) {
            throw new IllegalArgumentException("there are slices already; a stream has slices or parents");
        }
        return form.with(f -> f.parents = parents);
    }

    private static StreamForm cursor(StreamForm form, CursorForm cursor) {
        return form.with(f -> f.cursor = cursor);
    }

    private static StreamForm windows(StreamForm form, Located<CursorFormat.WindowsForm> windows) {
        return form.with(f -> f.windowNames = windows.value().names())
                .setting(new Located<>(
                        windows.found(),
                        stream -> stream.windows(windows.value().windows())));
    }

    private static RecordStream<JsonNode> checkpointEvery(RecordStream<JsonNode> stream, String every) {
        return every.matches("\\d{1,9}")
                ? stream.checkpointEvery(Integer.parseInt(every))
                : stream.checkpointEvery(Amounts.duration(every));
    }

    private static Map<Integer, String> byStatus(Map<String, String> reasons) {
        Map<Integer, String> byStatus = new LinkedHashMap<>();
        reasons.forEach((status, reason) -> {
            if (!status.matches("[1-5]\\d\\d")) {
                throw new IllegalArgumentException("'" + status + "' is no status such as 403");
            }
            byStatus.put(Integer.valueOf(status), reason);
        });
        return byStatus;
    }
}
