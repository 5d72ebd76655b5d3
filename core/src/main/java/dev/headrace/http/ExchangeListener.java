package dev.headrace.http;

import java.time.Duration;

/**
 * Observes exchanges and changes nothing. A <em>call</em> is what the caller asked for, retries included; an <em>attempt</em> is one of
 * the times it was sent. Whatever has started ends exactly once, also if it fails or is cancelled, and between the two its head may be
 * received: {@code callStarted (attemptStarted headReceived? attemptEnded)* callEnded}. The attempt that answered and its call end
 * together, when the body has ended; their order is not fixed.
 *
 * <p>Called on the thread that makes the exchange go on, often an event loop, and concurrently for concurrent exchanges: a listener must
 * not block. One that throws is logged once and disturbs nothing. Requests and headers hold their secrets; print only
 * {@link Request#describe()} and {@link Headers#toString()}.
 */
public interface ExchangeListener {

    /**
     * Somebody has subscribed to a call.
     *
     * @param request as the caller made it, made absolute
     */
    default void callStarted(Request request) {}

    /**
     * A call is over: its body has ended, it has failed for good, or nobody wants it any more.
     *
     * @param request as in {@link #callStarted}
     * @param end how
     */
    default void callEnded(Request request, ExchangeEnd end) {}

    /**
     * An attempt is being sent: permits have been granted, redirects and credentials are to follow.
     *
     * @param request with its {@linkplain Request#attempt() attempt}, 2 or more for a retry
     */
    default void attemptStarted(Request request) {}

    /**
     * The head of a response has come.
     *
     * @param request as it was sent, after redirects
     * @param status the status code
     * @param headers the response's headers
     * @param latency since the attempt started: redirects and connecting included, waiting for permits not
     */
    default void headReceived(Request request, int status, Headers headers, Duration latency) {}

    /**
     * An attempt is over: its body has ended, or it has failed or was cancelled before.
     *
     * @param request as in {@link #attemptStarted}
     * @param end how
     */
    default void attemptEnded(Request request, ExchangeEnd end) {}
}
