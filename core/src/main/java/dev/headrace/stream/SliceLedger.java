package dev.headrace.stream;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has been read of one slice, while it is read.
 *
 * <p>The edge is the place up to which all has been read. A part that is done and begins at the edge moves it; one that does not waits in
 * {@code ahead} until the parts before it are done. So a slice's position never claims what a slower neighbour still has to read.
 */
final class SliceLedger {

    private final SliceReading slice;
    private final int number;
    private final Map<SlicePart, Progress> under = new LinkedHashMap<>();
    private final Map<Optional<Position>, SliceProgress.Part> ahead = new LinkedHashMap<>();
    private final List<SliceProgress.Part> waiting = new ArrayList<>();
    private final @Nullable RecentRecords recent;
    private @Nullable Position edge;
    private @Nullable Position high;
    private @Nullable Position lastBegin;
    private @Nullable Position token;
    private boolean atEnd;
    private boolean cursorMissing;

    /** How far a part has come. */
    private static final class Progress {

        private @Nullable Position from;
        private @Nullable Position to;
        private @Nullable String page;
        private @Nullable String after;
        private @Nullable String last;
        private @Nullable Position high;

        Progress(SlicePart part) {
            from = part.from();
            to = part.to();
            SliceProgress.Part resumed = part.resumed();
            if (resumed != null) {
                page = resumed.page();
                after = resumed.after();
                last = resumed.last();
                high = resumed.high();
            }
        }

        SliceProgress.Part part() {
            return new SliceProgress.Part(from, to, false, page, after, last, high);
        }
    }

    SliceLedger(SliceReading slice, int number, @Nullable RecentRecords recent) {
        this.slice = slice;
        this.number = number;
        this.recent = recent;
        SliceProgress.Reading begin = slice.begin();
        edge = begin.edge();
        high = begin.high();
        for (SliceProgress.Part part : begin.parts()) {
            if (part.done()) {
                ahead.put(Optional.ofNullable(part.from()), part);
            } else {
                waiting.add(part);
            }
        }
    }

    int number() {
        return number;
    }

    long order() {
        return slice.order();
    }

    private Progress progress(SlicePart part) {
        if (part.resumed() != null) {
            waiting.remove(part.resumed());
        }
        return under.computeIfAbsent(part, Progress::new);
    }

    /** A record has come. False if it is one that has been emitted before. */
    boolean isNew(SlicePart part, long fingerprint, @Nullable Position position) {
        Progress progress = progress(part);
        if (position != null && !isAheadOfItsTime(position)) {
            progress.high = Position.later(progress.high, position);
        }
        return recent == null || recent.isNew(fingerprint, position);
    }

    /** A time in the future (9999-12-31 is a popular one) says nothing about what has been seen. */
    private boolean isAheadOfItsTime(Position position) {
        Position begun = slice.begin().begun();
        return begun != null && position.isAfter(begun);
    }

    /** Whether it has to be said that records have no value for the cursor. */
    boolean missesCursor() {
        boolean first = !cursorMissing;
        cursorMissing = true;
        return first;
    }

    void pageRead(SlicePart part, @Nullable String next, @Nullable String lastKey, @Nullable RecordCursor cursor) {
        Progress progress = progress(part);
        progress.page = next;
        progress.last = lastKey;
        Position reached = progress.high;
        if (next != null || cursor == null || !cursor.isAscending() || reached == null) {
            return;
        }
        // All that tells a later run where to go on is the order of the records.
        Position from = cursor.behind(reached);
        boolean isFurther = progress.from == null || from.isAfter(progress.from);
        if (isFurther && isBeforeEnd(from, progress.to)) {
            moveTo(progress, from);
        }
    }

    /** An API may give records that lie at the end of a part or behind it, where no part can begin. */
    private static boolean isBeforeEnd(Position position, @Nullable Position end) {
        return end == null || end.isAfter(position);
    }

    private void moveTo(Progress progress, Position from) {
        raise(progress.high);
        if (from.equals(progress.from)) {
            return;
        }
        if (Objects.equals(edge, progress.from)) {
            edge = from;
        } else {
            done(progress.from, from);
        }
        progress.from = from;
    }

    private void raise(@Nullable Position position) {
        if (position != null) {
            high = Position.later(high, position);
        }
    }

    void narrowed(SlicePart part, SlicePart rest) {
        Progress progress = progress(part);
        moveTo(progress, Objects.requireNonNull(rest.from()));
        under.remove(part);
    }

    void halved(SlicePart part) {
        // Its records will not come again from the halves if they are left out as known.
        raise(progress(part).high);
        under.remove(part);
    }

    void restarted(SlicePart part, @Nullable String after) {
        Progress progress = progress(part);
        progress.page = null;
        progress.after = after;
        if (recent != null) {
            recent.restarted();
        }
    }

    void resynced(SlicePart part) {
        Progress progress = progress(part);
        progress.from = null;
        progress.page = null;
        edge = null;
    }

    /** All of a part has been read; what the remote gave for the next time, if it did. */
    void partRead(SlicePart part, @Nullable Position token) {
        Progress progress = progress(part);
        under.remove(part);
        raise(progress.high);
        if (token != null) {
            this.token = token;
        }
        done(progress.from, progress.to);
        for (SliceProgress.Part next = ahead.remove(Optional.ofNullable(edge));
                next != null;
                next = ahead.remove(Optional.ofNullable(edge))) {
            lastBegin = next.from();
            edge = next.to();
            if (Objects.equals(edge, slice.begin().until())) {
                atEnd = true;
                return;
            }
        }
    }

    /** Waits for what is before it. Parts that touch are one, but for the last, whose beginning is wanted. */
    private void done(@Nullable Position from, @Nullable Position to) {
        Position begin = from;
        Position end = to;
        SliceProgress.Part next = to == null ? null : ahead.get(Optional.of(to));
        if (next != null && !isLast(next.to())) {
            ahead.remove(Optional.ofNullable(to));
            end = next.to();
        }
        SliceProgress.Part before = from == null || isLast(end)
                ? null
                : ahead.values().stream()
                        .filter(part -> from.equals(part.to()))
                        .findFirst()
                        .orElse(null);
        if (before != null) {
            begin = before.from();
            ahead.remove(Optional.ofNullable(begin));
        }
        ahead.put(Optional.ofNullable(begin), new SliceProgress.Part(begin, end, true, null, null, null, null));
    }

    private boolean isLast(@Nullable Position end) {
        return Objects.equals(end, slice.begin().until());
    }

    boolean isFinished() {
        return atEnd;
    }

    /** As it stands in a state. */
    SliceProgress snapshot() {
        List<SliceProgress.Part> parts = new ArrayList<>(ahead.values());
        parts.addAll(waiting);
        under.values().forEach(progress -> parts.add(progress.part()));
        parts.sort(SliceLedger::byBeginning);
        return slice.progress()
                .reading(new SliceProgress.Reading(
                        edge, slice.begin().until(), slice.begin().begun(), high, List.copyOf(parts)));
    }

    private static int byBeginning(SliceProgress.Part one, SliceProgress.Part other) {
        Position from = one.from();
        Position than = other.from();
        if (from == null || than == null) {
            return Boolean.compare(from != null, than != null);
        }
        return from.isAfter(than) ? 1 : than.isAfter(from) ? -1 : 0;
    }

    /** As it stands in a state when all of it has been read. */
    SliceProgress finished(@Nullable Cursor cursor, Instant now) {
        Position position = position(cursor, now);
        List<Long> last = List.of();
        if (recent != null && position != null && cursor instanceof RecordCursor ordered) {
            // Where nothing came, what came last time is still what the next reading will meet.
            last = recent.isEmpty() ? slice.progress().recent() : recent.from(ordered.lookedBack(position));
        }
        return slice.progress().finished(position, last);
    }

    private @Nullable Position position(@Nullable Cursor cursor, Instant now) {
        if (!(cursor instanceof RecordCursor ordered)) {
            return token;
        }
        Position reached = slice.progress().cursor();
        if (slice.begin().until() != null && lastBegin != null) {
            // Up to the last window all has been read; in the last there may be more, when time has passed.
            reached = Position.later(reached, ordered.allowingForSkew(lastBegin, begun(now)));
        }
        if (high != null) {
            reached = Position.later(reached, high);
        }
        return reached == null ? null : ordered.capped(reached, begun(now));
    }

    /** What has changed since reading began may have been passed by then, in this run or in one that was cut off. */
    private Instant begun(Instant now) {
        return slice.begin().begun() instanceof Position.Time time ? time.instant() : now;
    }

    @Nullable
    Position high() {
        return high;
    }
}
