package dev.headrace.sse;

import dev.headrace.http.Headers;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens on a stream, for readers who want more than its events: {@link EventStream#signals()}. The order is
 * {@code Connected [Resumed] (SseEvent | Comment)* [Disconnected]}, once for each connection. An end for good is no signal but that of the
 * {@code Flux}.
 */
public sealed interface EventSignal
        permits SseEvent, EventSignal.Connected, EventSignal.Resumed, EventSignal.Disconnected, EventSignal.Comment {

    /**
     * The server has accepted a connection.
     *
     * @param connection 1 for the first of this subscription
     * @param headers the response's headers, as they came
     */
    record Connected(long connection, Headers headers) implements EventSignal {

        /**
         * Checks the headers.
         *
         * @param connection as {@link #connection()}
         * @param headers as {@link #headers()}
         */
        public Connected {
            Objects.requireNonNull(headers, "headers");
        }
    }

    /**
     * The connection was asked to go on behind an event. Whether the server did, only its events can tell: the standard has no answer for an
     * id it does not know.
     *
     * @param lastEventId what was sent as {@code Last-Event-ID}; never empty
     */
    record Resumed(String lastEventId) implements EventSignal {

        /**
         * Checks the id.
         *
         * @param lastEventId as {@link #lastEventId()}
         */
        public Resumed {
            Objects.requireNonNull(lastEventId, "lastEventId");
        }
    }

    /**
     * A connection has ended, or could not be made, and there will be another.
     *
     * @param reason why
     * @param failure what it ended with; null after a clean end
     * @param nextDelay from now to the next attempt: what the server asks for and our own backoff
     */
    record Disconnected(Reason reason, @Nullable Throwable failure, Duration nextDelay) implements EventSignal {

        /**
         * Checks reason and delay.
         *
         * @param reason as {@link #reason()}
         * @param failure as {@link #failure()}
         * @param nextDelay as {@link #nextDelay()}
         */
        public Disconnected {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(nextDelay, "nextDelay");
        }
    }

    /**
     * A comment, such as a heartbeat.
     *
     * @param text behind the colon, and behind one space if there is one
     */
    record Comment(String text) implements EventSignal {

        /**
         * Checks the text.
         *
         * @param text as {@link #text()}
         */
        public Comment {
            Objects.requireNonNull(text, "text");
        }
    }

    /** Why a connection has ended. */
    enum Reason {
        /** The server has ended the response as it should. */
        CLEAN_END,
        /** There was no answer: the connection was refused, or lost before the head of a response came. */
        UNREACHABLE,
        /**
         * The server has refused for now: 408, 413, 425, 429, 5xx but 501 and 505, or what the connector's error rules call passing.
         */
        REFUSED,
        /** The connection broke within the response. */
        BROKEN,
        /** The server was silent for longer than {@link EventStream#idleTimeout}. */
        SILENT,
        /** The user has asked for another connection by {@link EventStream#reconnectOn}. */
        REQUESTED
    }
}
