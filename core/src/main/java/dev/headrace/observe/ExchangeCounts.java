package dev.headrace.observe;

import dev.headrace.error.FailureKind;
import java.time.Duration;
import java.util.Map;

/**
 * What {@link Counters} have counted so far. A call is what a caller asked for; each of its attempts sends a request.
 *
 * @param calls calls started
 * @param succeeded calls that got a successful response, whether its body was read to the end or not
 * @param failed calls that got an unsuccessful response, none at all, or a body that broke
 * @param cancelled calls that nobody wanted any more before the head of a response came
 * @param inFlight calls that have neither ended nor been cancelled; one whose body is being read is in flight
 * @param requestsSent attempts, first and further ones; the hops of a redirect are one attempt
 * @param retries attempts but the first of each call
 * @param responses heads of responses received by attempts, by class of status
 * @param failures failed calls that ended with an error instead of a response, by kind; every kind is present. Failures that are not
 *     Headrace's own count as {@link FailureKind#LOCAL}
 * @param timeouts attempts that one of the timeouts ended, whether they were made again or not
 * @param bytesReceived bytes of bodies handed to readers, as they came from the wire
 * @param latency sum over all responses of the time from the start of the attempt to the head of the response
 * @param longestLatency the longest of those times
 */
public record ExchangeCounts(
        long calls,
        long succeeded,
        long failed,
        long cancelled,
        long inFlight,
        long requestsSent,
        long retries,
        Responses responses,
        Map<FailureKind, Long> failures,
        long timeouts,
        long bytesReceived,
        Duration latency,
        Duration longestLatency) {

    /**
     * Responses by class of status (RFC 9110 §15).
     *
     * @param successful 200 to 299
     * @param redirecting 300 to 399
     * @param clientErrors 400 to 499
     * @param serverErrors 500 to 599
     */
    public record Responses(long successful, long redirecting, long clientErrors, long serverErrors) {

        /**
         * All of them.
         *
         * @return the sum
         */
        public long total() {
            return successful + redirecting + clientErrors + serverErrors;
        }
    }

    /**
     * Copies the map.
     *
     * @param calls as {@link #calls()}
     * @param succeeded as {@link #succeeded()}
     * @param failed as {@link #failed()}
     * @param cancelled as {@link #cancelled()}
     * @param inFlight as {@link #inFlight()}
     * @param requestsSent as {@link #requestsSent()}
     * @param retries as {@link #retries()}
     * @param responses as {@link #responses()}
     * @param failures as {@link #failures()}
     * @param timeouts as {@link #timeouts()}
     * @param bytesReceived as {@link #bytesReceived()}
     * @param latency as {@link #latency()}
     * @param longestLatency as {@link #longestLatency()}
     */
    public ExchangeCounts {
        failures = Map.copyOf(failures);
    }

    /**
     * The mean time from the start of an attempt to the head of its response.
     *
     * @return the mean; zero before the first response
     */
    public Duration meanLatency() {
        return responses.total() == 0 ? Duration.ZERO : latency.dividedBy(responses.total());
    }
}
