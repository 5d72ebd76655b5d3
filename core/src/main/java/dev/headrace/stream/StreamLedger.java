package dev.headrace.stream;

import dev.headrace.Defaults;
import dev.headrace.json.JsonSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Keeps the books of one reading, and makes messages of what happens.
 *
 * <p>It stands behind the place where slices that are read side by side come together, so steps reach it one after the other, and what it
 * has noted when it makes a checkpoint is exactly what has been emitted before. A checkpoint keeps the table of its moment; its JSON is made
 * if somebody asks for it.
 *
 * @param <T> the type of the records
 */
final class StreamLedger<T> {

    private final StreamSettings<T> settings;
    private final StreamState.Format format;
    private final Instant now;
    private Instant begun;
    private final @Nullable SchemaWatch schema;
    private final Map<Slice, Integer> numbers = new HashMap<>();
    private final Map<Slice, SliceLedger> underWay = new HashMap<>();
    private final BitSet met = new BitSet();
    private final Deque<Step.ParentRead<T>> parentsAhead = new ArrayDeque<>();
    private final NavigableSet<Long> slicesAhead = new TreeSet<>();
    private final @Nullable Position fallback;
    private SliceTable table = SliceTable.EMPTY;
    private Map<String, JsonNode> parents;
    private long slicesInOrder;
    private @Nullable Position high;
    private boolean failed;
    private int recordsSinceCheckpoint;
    private Instant lastCheckpoint;

    StreamLedger(StreamSettings<T> settings, StreamState state, Instant now, @Nullable JsonSchema schema) {
        this.settings = settings;
        this.format = settings.stateFormat();
        this.now = now;
        this.begun = state.begun() instanceof Position.Time time ? time.instant() : now;
        this.schema = schema == null ? null : new SchemaWatch(settings.name, schema, settings.onInvalid);
        this.fallback = state.cursor();
        this.parents = state.parents();
        this.lastCheckpoint = now;
        state.slices().forEach(this::append);
    }

    private int append(SliceProgress progress) {
        int number = table.size();
        // What the run has read before it was cut off will not come by again.
        met.set(number, progress.done());
        table = table.with(number, progress);
        numbers.put(progress.slice(), number);
        return number;
    }

    /** Notes a step. */
    List<Message<T>> accept(Step<T> step) {
        if (step instanceof Step.Read<T> read) {
            return read(read);
        }
        if (step instanceof Step.PageRead<T> page) {
            SliceLedger slice = ledger(page.part());
            slice.pageRead(page.part(), page.next(), page.lastKey(), settings.recordCursor());
            return progressed(slice);
        }
        if (step instanceof Step.PartRead<T> part) {
            SliceLedger slice = ledger(part.part());
            slice.partRead(part.part(), part.token());
            return slice.isFinished() ? finished(slice, part.part().slice()) : progressed(slice);
        }
        if (step instanceof Step.NothingToRead<T> nothing) {
            return finished(ledger(nothing.slice()), nothing.slice());
        }
        if (step instanceof Step.ParentRead<T> parent) {
            if (!failed) {
                parentsAhead.add(parent);
                settleParents();
            }
            return List.of();
        }
        if (step instanceof Step.Said<T> said) {
            // Slices of a parent that could not be read are missing now, and must not be taken for gone.
            failed |= said.notice().kind() == Notice.Kind.SLICE_FAILED;
            return List.of(said.notice());
        }
        return step instanceof Step.AllRead<T> ? allRead() : changed(step);
    }

    /** Reading a slice takes another course. */
    private List<Message<T>> changed(Step<T> step) {
        if (step instanceof Step.Narrowed<T> narrowed) {
            ledger(narrowed.part()).narrowed(narrowed.part(), narrowed.rest());
            return List.of(notice(
                    Notice.Kind.SLICE_SPLIT,
                    "the remote shows no more of one query; going on from "
                            + shown(narrowed.rest().from()),
                    narrowed.part(),
                    null));
        }
        if (step instanceof Step.Halved<T> halved) {
            ledger(halved.part()).halved(halved.part());
            return List.of(notice(
                    Notice.Kind.SLICE_SPLIT,
                    "the remote shows no more of one query; reading it in two, divided at " + shown(halved.middle()),
                    halved.part(),
                    null));
        }
        if (step instanceof Step.Restarted<T> restarted) {
            ledger(restarted.part()).restarted(restarted.part(), restarted.after());
            return List.of(notice(
                    Notice.Kind.SLICE_RESTARTED,
                    "the token for the next page is of no use any more; reading again from "
                            + (restarted.after() == null ? "the beginning" : "behind the last record"),
                    restarted.part(),
                    restarted.failure()));
        }
        if (step instanceof Step.Resynced<T> resynced) {
            ledger(resynced.part()).resynced(resynced.part());
            return List.of(notice(
                    Notice.Kind.RESYNC,
                    "the remote has forgotten the token for changes; reading everything, and what does not come any more has been"
                            + " deleted",
                    resynced.part(),
                    resynced.failure()));
        }
        Step.Failed<T> failure = (Step.Failed<T>) step;
        failed = true;
        SliceLedger slice = ledger(failure.part());
        table = table.with(slice.number(), slice.snapshot());
        return List.of(notice(
                Notice.Kind.SLICE_FAILED,
                "it could not be read, and is left to the next run: "
                        + failure.failure().getMessage(),
                failure.part(),
                failure.failure()));
    }

    private static String shown(@Nullable Position position) {
        return position == null ? "the beginning" : position.json().toString();
    }

    private Notice<T> notice(Notice.Kind kind, String text, SlicePart part, @Nullable Throwable failure) {
        Slice slice = part.slice().slice();
        return new Notice<>(
                settings.name,
                kind,
                "Stream '" + settings.name + "'" + (slice.equals(Slice.EMPTY) ? "" : ", " + slice) + ": " + text,
                slice,
                Optional.ofNullable(failure));
    }

    private SliceLedger ledger(SlicePart part) {
        return ledger(part.slice());
    }

    private SliceLedger ledger(SliceReading reading) {
        SliceLedger known = underWay.get(reading.slice());
        return known == null ? begin(reading) : known;
    }

    private SliceLedger begin(SliceReading reading) {
        Integer known = numbers.get(reading.slice());
        int number = known == null ? append(reading.progress()) : known;
        met.set(number);
        SliceLedger slice = new SliceLedger(
                reading,
                number,
                // In a feed of changes, what comes again has changed back.
                settings.isKeyed() && !(settings.cursor instanceof TokenCursor)
                        ? new RecentRecords(reading.progress().recent(), Defaults.RECENT_RECORDS)
                        : null);
        underWay.put(reading.slice(), slice);
        return slice;
    }

    private List<Message<T>> read(Step.Read<T> read) {
        recordsSinceCheckpoint++;
        SliceLedger slice = ledger(read.part());
        Position position = read.position();
        if (!slice.isNew(read.part(), read.record().fingerprint(), position)) {
            return List.of();
        }
        boolean missesCursor = position == null && settings.recordCursor() != null && slice.missesCursor();
        return schema == null && !missesCursor ? emitted(read) : checked(read, missesCursor);
    }

    /** The record, unless the stream's own conversion leaves it out. */
    private List<Message<T>> emitted(Step.Read<T> read) {
        Slice slice = read.part().slice().slice();
        T data = settings.conversion.apply(read.record(), slice);
        return data == null ? List.of() : List.of(new StreamRecord<>(settings.name, data, slice));
    }

    /** The record with what there is to say about it. */
    private List<Message<T>> checked(Step.Read<T> read, boolean missesCursor) {
        List<Message<T>> messages = new ArrayList<>();
        if (missesCursor) {
            messages.add(notice(
                    Notice.Kind.CURSOR_MISSING,
                    "records have nothing at '"
                            + Objects.requireNonNull(settings.recordCursor()).pointer()
                            + "' that the cursor can read; they move it nowhere",
                    read.part(),
                    null));
        }
        boolean fits = schema == null
                || schema.admits(
                        read.record().texts().get(settings.placeOfRecord()),
                        read.part().slice().slice(),
                        messages);
        if (fits) {
            messages.addAll(emitted(read));
        }
        return messages;
    }

    private List<Message<T>> progressed(SliceLedger slice) {
        table = table.with(slice.number(), slice.snapshot());
        return checkpoint();
    }

    private List<Message<T>> finished(SliceLedger slice, SliceReading reading) {
        table = table.with(slice.number(), slice.finished(settings.cursor, now));
        underWay.remove(reading.slice());
        if (reading.begin().begun() instanceof Position.Time time
                && time.instant().isBefore(begun)) {
            begun = time.instant();
        }
        if (slice.high() != null) {
            high = Position.later(high, slice.high());
        }
        slicesAhead.add(slice.order());
        while (slicesAhead.remove(slicesInOrder)) {
            slicesInOrder++;
        }
        settleParents();
        return checkpoint();
    }

    /** A parent has come as far as all slices before have been read, and no further. */
    private void settleParents() {
        for (Step.ParentRead<T> parent = parentsAhead.peek();
                parent != null && parent.slices() <= slicesInOrder;
                parent = parentsAhead.peek()) {
            Map<String, JsonNode> changed = new LinkedHashMap<>(parents);
            changed.put(parent.parent(), parent.state());
            parents = Collections.unmodifiableMap(changed);
            parentsAhead.remove();
        }
    }

    private List<Message<T>> checkpoint() {
        if (recordsSinceCheckpoint < settings.checkpointRecords
                || !settings.checkpointInterval.isZero()
                        && Duration.between(lastCheckpoint, settings.clock.instant())
                                        .compareTo(settings.checkpointInterval)
                                < 0) {
            return List.of();
        }
        recordsSinceCheckpoint = 0;
        lastCheckpoint = settings.checkpointInterval.isZero() ? lastCheckpoint : settings.clock.instant();
        Position since = settings.cursor instanceof DatetimeCursor ? new Position.Time(begun) : null;
        return List.of(checkpoint(fallback, since, table, parents));
    }

    private Checkpoint<T> checkpoint(
            @Nullable Position fallback, @Nullable Position since, SliceTable slices, Map<String, JsonNode> parents) {
        int most = settings.maxSliceStates;
        return new Checkpoint<>(settings.name, () -> format.write(fallback, since, shortened(slices, most), parents));
    }

    /** Slices beyond the limit that are done are left out, and read again if the run is cut off. */
    private static Iterable<SliceProgress> shortened(SliceTable slices, int most) {
        List<SliceProgress> kept = new ArrayList<>();
        int[] done = {0};
        slices.forEach(slice -> {
            if (slice.reading() != null || !slice.done() || done[0]++ < most) {
                kept.add(slice);
            }
        });
        return kept;
    }

    private List<Message<T>> allRead() {
        if (settings.cursor == null) {
            return List.of(checkpoint(null, null, SliceTable.EMPTY, parents));
        }
        List<Message<T>> messages = new ArrayList<>();
        boolean keepsOthers = settings.parents.stream().anyMatch(ParentStream::isIncremental);
        SliceTable rest = SliceTable.EMPTY;
        for (int number = 0; number < table.size(); number++) {
            if (met.get(number) || keepsOthers || failed) {
                rest = rest.with(rest.size(), table.get(number).atRest());
            }
        }
        Position common = rest.size() > settings.maxSliceStates ? common(rest) : null;
        if (common == null) {
            // Slices that were not met have no position but the common one.
            messages.add(checkpoint(failed || keepsOthers ? fallback : null, null, rest, parents));
            return messages;
        }
        messages.add(new Notice<>(
                settings.name,
                Notice.Kind.STATE_SHORTENED,
                "Stream '" + settings.name + "' has " + rest.size()
                        + " slices, and keeps the progress of each for at most " + settings.maxSliceStates
                        + "; the next run goes on from " + shown(common) + " in all of them",
                Slice.EMPTY,
                Optional.empty()));
        messages.add(checkpoint(common, null, SliceTable.EMPTY, parents));
        return messages;
    }

    /** One position for all slices, if there is one that misses nothing. */
    private @Nullable Position common(SliceTable slices) {
        if (failed || settings.cursor instanceof TokenCursor) {
            return null;
        }
        if (settings.cursor instanceof DatetimeCursor cursor) {
            Position latest = high == null ? fallback : Position.later(fallback, high);
            List<SliceProgress> unmet = new ArrayList<>();
            for (int number = met.nextClearBit(0); number < table.size(); number = met.nextClearBit(number + 1)) {
                unmet.add(table.get(number).orFrom(fallback));
            }
            // A slice that was read first may have had records since then that others, read last, have passed; and
            // those
            // that this run has not asked are where an earlier one has left them.
            return latest == null ? null : lowest(cursor.allowingForSkew(latest, begun), unmet);
        }
        List<SliceProgress> all = new ArrayList<>();
        slices.forEach(all::add);
        return lowest(null, all);
    }

    /** The lowest position, or none if one of the slices has none. */
    private static @Nullable Position lowest(@Nullable Position first, List<SliceProgress> slices) {
        Position lowest = first;
        for (SliceProgress slice : slices) {
            Position position = slice.cursor();
            if (position == null) {
                return null;
            }
            lowest = lowest == null || lowest.isAfter(position) ? position : lowest;
        }
        return lowest;
    }
}
