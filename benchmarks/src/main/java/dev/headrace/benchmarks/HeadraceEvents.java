package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.EventStream;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import reactor.core.publisher.Flux;

/** This library, with the defaults that reconnect; a clean end is taken for the end, or a pass would have none. */
final class HeadraceEvents {

    private HeadraceEvents() {}

    static Contestant.Preparation texts() {
        return reading(EventStream::events, EventChecksum::of);
    }

    /** By bounded demand. */
    static Contestant.Preparation textsInWindows() {
        return (url, knobs) -> {
            EventStream stream = stream(url);
            return () -> Windows.read(stream.events(), EventChecksum::of);
        };
    }

    /** By the reader of {@link #textsInWindows}, without a bound. */
    static Contestant.Preparation textsInOneWindow() {
        return (url, knobs) -> {
            EventStream stream = stream(url);
            return () -> Windows.readUnbounded(stream.events(), EventChecksum::of);
        };
    }

    static Contestant.Preparation ticks() {
        return reading(stream -> stream.events(Tick.class), Tick::checksum);
    }

    static Contestant.Preparation ticksByCodec() {
        return reading(stream -> stream.events(new TickCodec()), Tick::checksum);
    }

    static Contestant.Preparation reports() {
        return reading(stream -> stream.events(Report.class), Report::checksum);
    }

    /** Reads as text what others read as records, and checks the texts itself. */
    static Contestant.Preparation textsForTicks() {
        return (url, knobs) -> {
            Contestant.Pass texts = texts().prepare(url, knobs);
            return () -> {
                Tally tally = texts.run();
                tally.check(EventBlock.SMALL.expectedTexts(knobs));
                return Tally.counted(tally.items());
            };
        };
    }

    private static <T> Contestant.Preparation reading(
            Function<EventStream, Flux<T>> elements, ToLongFunction<? super T> value) {
        return (url, knobs) -> {
            EventStream stream = stream(url);
            return Contestant.flux(() -> elements.apply(stream), value);
        };
    }

    private static EventStream stream(String url) {
        return EventStream.from(Connector.builder(url).build(), Request.get("/events"))
                .completeOnCleanEnd();
    }
}
