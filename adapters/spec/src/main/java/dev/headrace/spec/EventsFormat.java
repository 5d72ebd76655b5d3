package dev.headrace.spec;

import static dev.headrace.spec.Scalars.duration;
import static dev.headrace.spec.Scalars.integer;
import static dev.headrace.spec.Scalars.number;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Scalars.whole;
import static dev.headrace.spec.Scalars.word;

import dev.headrace.sse.EventLimits;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.ReconnectPolicy;
import dev.headrace.sse.SseEvent;
import java.time.Duration;
import java.util.function.Predicate;

/** The part of the format that describes a stream of server-sent events. */
final class EventsFormat {

    private static final Shape<ReconnectPolicy> RECONNECT = Section.of(
                    "reconnect", "When the stream connects again.", ReconnectPolicy.defaults())
            .word("never", "The stream ends with its connection.", ReconnectPolicy::never)
            .kind(
                    "first_delay",
                    "Wait before the first reconnection; it doubles from one to the next; default 1s.",
                    duration(),
                    ReconnectPolicy::exponential)
            .key("max_delay", "Longest wait of our own; default 30s.", duration(), ReconnectPolicy::maxDelay)
            .key(
                    "jitter",
                    "How much of a wait chance decides, from 0 to 1; default 0.5.",
                    number(),
                    ReconnectPolicy::jitter)
            .key(
                    "max_reconnects",
                    "Most reconnections in a row; default no limit.",
                    whole(),
                    ReconnectPolicy::maxReconnects)
            .key(
                    "reset_after",
                    "How long a connection must have been up for a new row; default 60s.",
                    duration(),
                    ReconnectPolicy::resetAfter);

    private static final Shape<Predicate<SseEvent>> LAST = Section.<Predicate<SseEvent>>ofKinds(
                    "last_event", "The event that is the last.")
            .kind("data", "Its data, to the letter, such as [DONE].", text(), SseEvent::dataEquals)
            .kind("event", "Its name.", text(), SseEvent::named);

    /** What becomes of an event that is too large. */
    private enum Oversized {
        FAIL,
        SKIP,
        TRUNCATE
    }

    private static final Shape<EventLimits> LIMITS = Section.of(
                    "event_limits", "How large an event may be.", EventLimits.defaults())
            .key("event", "Most bytes of an event; default 8 MiB.", integer(), EventLimits::event)
            .key("line", "Most bytes of a line; default those of an event.", integer(), EventLimits::line)
            .key(
                    "oversized",
                    "What becomes of a larger one; default fail.",
                    word(Oversized.class),
                    EventsFormat::oversized);

    private static EventLimits oversized(EventLimits limits, Oversized choice) {
        return switch (choice) {
            case FAIL -> limits.failing();
            case SKIP -> limits.skipping();
            case TRUNCATE -> limits.truncating();
        };
    }

    /** What becomes of the stream when the server ends a response without an error. */
    private enum CleanEnd {
        RECONNECT,
        COMPLETE
    }

    static final Shape<EventsForm> EVENTS = Section.of(
                    "events",
                    "The stream is one of server-sent events; its records are their data.",
                    EventsForm.DEFAULTS)
            .key("data", "What of an event is the record; default json.", word(EventsForm.Data.class), EventsForm::data)
            .key(
                    "checkpoint_every",
                    "There is a checkpoint after so many events; default 1.",
                    integer(),
                    EventsForm::checkpointEvery)
            .key(
                    "reconnect",
                    "When the stream connects again.",
                    RECONNECT,
                    (form, policy) -> form.with(events -> events.reconnect(policy)))
            .key(
                    "last_event_id_query",
                    "Query parameter that takes the last event id in place of the header.",
                    text(),
                    (form, parameter) -> form.with(events -> events.lastEventIdInQuery(parameter)))
            .key(
                    "idle_timeout",
                    "Longest silence of the server; default none.",
                    duration(),
                    (form, timeout) -> form.with(events -> events.idleTimeout(positive(timeout))))
            .key(
                    "complete_when",
                    "The event that is the last.",
                    LAST,
                    (form, last) -> form.with(events -> events.completeWhen(last)))
            .flag(
                    "require_completion",
                    "An end without that event is an error.",
                    form -> form.with(EventStream::requireCompletion))
            .key(
                    "on_clean_end",
                    "What becomes of the stream when a response ends without an error; default reconnect.",
                    word(CleanEnd.class),
                    (form, end) -> form.with(events ->
                            end == CleanEnd.COMPLETE ? events.completeOnCleanEnd() : events.reconnectOnCleanEnd()))
            .key(
                    "deduplicate",
                    "Leaves out events whose id was among so many before.",
                    integer(),
                    (form, window) -> form.with(events -> events.deduplicate(window)))
            .key(
                    "limits",
                    "How large an event may be.",
                    LIMITS,
                    (form, limits) -> form.with(events -> events.limits(limits)));

    private EventsFormat() {}

    private static Duration positive(Duration timeout) {
        if (timeout.isZero()) {
            throw new IllegalArgumentException("idle_timeout must be more than zero; leave it out for none");
        }
        return timeout;
    }
}
