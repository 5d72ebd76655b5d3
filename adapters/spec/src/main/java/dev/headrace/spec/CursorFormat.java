package dev.headrace.spec;

import static dev.headrace.spec.PaginationFormat.PLACEMENT;
import static dev.headrace.spec.Root.CONFIG;
import static dev.headrace.spec.Scalars.duration;
import static dev.headrace.spec.Scalars.integer;
import static dev.headrace.spec.Scalars.pointer;
import static dev.headrace.spec.Scalars.template;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Scalars.word;
import static dev.headrace.spec.Shapes.oneOrMany;

import dev.headrace.stream.Cursor;
import dev.headrace.stream.DatetimeCursor;
import dev.headrace.stream.ExpiredPages;
import dev.headrace.stream.IncrementingCursor;
import dev.headrace.stream.ResultWindow;
import dev.headrace.stream.TimeFormat;
import dev.headrace.stream.TimeWindows;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the format that says where reading begins, and in what parts. */
final class CursorFormat {

    private static final Shape<ZoneId> ZONE = text().map(CursorFormat::zone);

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + name + "' is no time zone such as UTC or Europe/Berlin", e);
        }
    }

    private static final Shape<TimeFormat> TIME_FORMAT = Section.<TimeFormat>ofKinds(
                    "time_format", "How the API writes times.")
            .word("iso", "ISO 8601, such as 2024-01-01T00:00:00Z.", TimeFormat::iso)
            .word("date", "Dates, such as 2024-01-01.", TimeFormat::date)
            .word("epoch_seconds", "Seconds since 1970.", TimeFormat::epochSeconds)
            .word("epoch_millis", "Milliseconds since 1970.", TimeFormat::epochMillis)
            .kind("pattern", "Letters of java.time, such as yyyy/MM/dd HH:mm.", text(), TimeFormat::pattern)
            .key("zone", "Where times without an offset are; default UTC.", ZONE, TimeFormat::zone);

    static final Shape<CursorForm> CURSOR = Section.<CursorForm>ofKinds(
                    "cursor", "What the stream is read incrementally by.")
            .kind("datetime", "A time in each record, there.", pointer(), at -> CursorForm.of(Cursor.datetime(at)))
            .kind(
                    "incrementing",
                    "A number in each record, there, that is greater for newer ones.",
                    pointer(),
                    at -> CursorForm.of(Cursor.incrementing(at)))
            .kind(
                    "token",
                    "A token on the last page, there, that asks for what has changed since.",
                    pointer(),
                    CursorForm::token)
            .kind(
                    "delta_link",
                    "A link on the last page, there, to what has changed since.",
                    pointer(),
                    at -> CursorForm.of(Cursor.deltaLink(at)))
            .key(
                    "lookback",
                    "How far before the position a run begins; default 1s.",
                    duration(),
                    (form, lookback) -> form.datetime("lookback", cursor -> cursor.lookback(lookback)))
            .key("format", "How times are written in requests; default iso.", TIME_FORMAT, CursorForm::format)
            .key(
                    "starting_at",
                    "Where the first reading begins: a time, or a number; times are numbers only if the format is an epoch.",
                    template(CONFIG),
                    CursorForm::startingAt)
            .key(
                    "parsing",
                    "How times are written in records; the first that fits.",
                    oneOrMany(TIME_FORMAT),
                    (form, formats) ->
                            form.datetime("parsing", cursor -> cursor.parsing(formats.toArray(TimeFormat[]::new))))
            .flag(
                    "ascending",
                    "Records come in the order of the cursor.",
                    form -> form.inRecords("ascending", DatetimeCursor::ascending, IncrementingCursor::ascending))
            .flag(
                    "client_side",
                    "The API takes no such parameter; older records are left out here.",
                    form -> form.inRecords("client_side", DatetimeCursor::clientSide, IncrementingCursor::clientSide))
            .key("into", "Where in the request the position goes.", PLACEMENT, CursorForm::into)
            .key("until", "Where in the request the end of a window goes.", PLACEMENT, CursorForm::until)
            .key(
                    "forgotten_by",
                    "Statuses that say that the remote has forgotten the token; default 410.",
                    oneOrMany(integer()),
                    (form, statuses) -> form.forgottenBy(statuses.toArray(Integer[]::new)))
            .map(CursorFormat::complete);

    private static CursorForm complete(CursorForm form) {
        if (form.needsPlace() && !form.placed()) {
            throw new IllegalArgumentException("a token needs 'into', where it goes");
        }
        return form;
    }

    /** Units of the calendar. */
    private enum Clamp {
        DAYS,
        WEEKS,
        MONTHS,
        YEARS;

        ChronoUnit unit() {
            return ChronoUnit.valueOf(name());
        }
    }

    /** The names of a window's bounds. */
    private record Names(@Nullable String start, @Nullable String end) {

        WindowsForm on(WindowsForm form) {
            String from = Objects.requireNonNull(start);
            String to = Objects.requireNonNull(end);
            return new WindowsForm(form.windows().as(from, to), Set.of(from, to));
        }
    }

    private static final Shape<Names> NAMES = Section.of(
                    "window_names", "The names of a window's bounds as values of the slice.", new Names(null, null))
            .required("start", "Of its start.", text(), (names, start) -> new Names(start, names.end()))
            .required("end", "Of its end.", text(), (names, end) -> new Names(names.start(), end));

    /** Windows, and what slices get from them. */
    record WindowsForm(TimeWindows windows, Set<String> names) {

        static WindowsForm of(String step) {
            return new WindowsForm(TimeWindows.of(Amounts.step(step)), Set.of());
        }

        WindowsForm with(TimeWindows windows) {
            return new WindowsForm(windows, names);
        }
    }

    static final Shape<WindowsForm> WINDOWS = Section.<WindowsForm>ofKinds(
                    "windows", "Windows of time in which each slice is read.")
            .shortForm("How long they are.", text().map(WindowsForm::of))
            .kind("step", "How long they are: 1h, 1d, P1M.", text(), WindowsForm::of)
            .key(
                    "clamp_to",
                    "Boundaries are where these begin, weeks on Monday; default where the first window begins.",
                    word(Clamp.class),
                    (form, clamp) -> form.with(form.windows().clampTo(clamp.unit())))
            .key(
                    "zone",
                    "Whose calendar counts; default UTC.",
                    ZONE,
                    (form, zone) -> form.with(form.windows().zone(zone)))
            .key(
                    "inclusive_end",
                    "The API takes its end for a part of what is asked; what its times count in, such as 1s or 1d.",
                    duration(),
                    (form, step) -> form.with(form.windows().inclusiveEnd(step)))
            .key("as", "The names of the bounds as values of the slice.", NAMES, (form, names) -> names.on(form));

    private static final Shape<PaginationFormat.Move> SEEK = Section.of(
                    "seek_after", "A key by which the API sorts.", PaginationFormat.Move.NONE)
            .required("from", "Where in a record it is.", pointer(), PaginationFormat.Move::from)
            .required("into", "Where in the request it goes.", PLACEMENT, PaginationFormat.Move::into);

    static final Shape<ExpiredPages> EXPIRED_PAGES = Section.of(
                    "expired_pages",
                    "What becomes of a slice when a page's token has become too old.",
                    ExpiredPages.restartSlice())
            .word("restart_slice", "It is read from its beginning again.", ExpiredPages::restartSlice)
            .kind(
                    "seek_after",
                    "It is read on from behind the last record.",
                    SEEK,
                    seek -> ExpiredPages.seekAfter(seek.from(), seek.target()))
            .key(
                    "statuses",
                    "Statuses that say so; default 410.",
                    oneOrMany(integer()),
                    (pages, statuses) -> pages.statuses(statuses.toArray(Integer[]::new)))
            .key("max_restarts", "Most restarts in a row; default 3.", integer(), ExpiredPages::maxRestarts);

    static final Shape<ResultWindow> RESULT_WINDOW = Section.<ResultWindow>ofKinds(
                    "result_window", "Behind how many records of one query the remote shows no more.")
            .shortForm("How many it shows.", Scalars.whole().map(ResultWindow::of))
            .kind("items", "How many it shows.", Scalars.whole(), ResultWindow::of)
            .key(
                    "statuses",
                    "Statuses that say so, such as 422.",
                    oneOrMany(integer()),
                    (window, statuses) -> window.statuses(statuses.toArray(Integer[]::new)));

    private CursorFormat() {}
}
