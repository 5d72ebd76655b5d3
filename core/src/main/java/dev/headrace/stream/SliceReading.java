package dev.headrace.stream;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * One reading of one slice, begun now or by an earlier run: from where, to where, in which parts.
 *
 * @param order how many slices this run has begun before
 * @param progress what the state says of it
 * @param begin as reading begins or goes on
 */
record SliceReading(long order, SliceProgress progress, SliceProgress.Reading begin) {

    Slice slice() {
        return progress.slice();
    }

    /** A reading of a slice that begins at a position, or goes on where an earlier run has left it. */
    static SliceReading of(
            long order,
            SliceProgress progress,
            @Nullable Position from,
            @Nullable Position until,
            @Nullable Position begun) {
        SliceProgress.Reading unfinished = progress.reading();
        return new SliceReading(
                order,
                progress,
                unfinished != null ? unfinished : new SliceProgress.Reading(from, until, begun, null, List.of()));
    }

    /** Whether there is nothing between its edge and its end. */
    boolean isEmpty() {
        Position edge = begin.edge();
        Position until = begin.until();
        return edge != null && until != null && !until.isAfter(edge);
    }

    /** What is left to read, in order: parts that have begun, and between them what has not, divided by windows if there are any. */
    Flux<SlicePart> parts(@Nullable TimeWindows windows) {
        List<Iterable<SlicePart>> parts = new ArrayList<>();
        Position edge = begin.edge();
        boolean toTheEnd = false;
        for (SliceProgress.Part part : begin.parts()) {
            if (!Objects.equals(edge, part.from())) {
                parts.add(gap(windows, edge, part.from()));
            }
            if (!part.done()) {
                parts.add(List.of(SlicePart.resuming(this, part)));
            }
            edge = part.to();
            toTheEnd = Objects.equals(edge, begin.until());
        }
        if (!toTheEnd) {
            parts.add(gap(windows, edge, begin.until()));
        }
        return Flux.fromIterable(parts).concatMap(Flux::fromIterable, 0);
    }

    private Iterable<SlicePart> gap(@Nullable TimeWindows windows, @Nullable Position from, @Nullable Position to) {
        if (windows == null || !(from instanceof Position.Time begin) || !(to instanceof Position.Time end)) {
            return Collections.singleton(SlicePart.of(this, from, to));
        }
        return () -> {
            Iterator<Window> between = windows.between(begin.instant(), end.instant());
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return between.hasNext();
                }

                @Override
                public SlicePart next() {
                    Window window = between.next();
                    return SlicePart.of(
                            SliceReading.this, new Position.Time(window.from()), new Position.Time(window.to()));
                }
            };
        };
    }
}
