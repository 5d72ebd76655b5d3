package dev.headrace.cli;

import dev.headrace.Defaults;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.transfer.Download;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a failed request is sent again. */
final class RetryOptions {

    @Option(
            names = "--retry",
            paramLabel = "N",
            description =
                    "How often a failed request is sent again; for downloads, how often in a row without a new byte."
                            + " Default 3; 0 for never.")
    private int retries = Defaults.MAX_RETRIES;

    @Option(
            names = "--retry-delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Wait before the first retry; it doubles from one to the next. Default 500ms.")
    private Duration delay = Defaults.RETRY_DELAY;

    @Option(
            names = "--retry-max-delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Longest wait of our own. Default 30s.")
    private @Nullable Duration maxDelay;

    @Option(
            names = "--retry-all-methods",
            description = "Retries POST and the like too, although that may do their work twice.")
    private boolean allMethods;

    /** A download counts otherwise: attempts in a row without a new byte. */
    Download refined(Download download) {
        Duration longest = maxDelay != null ? maxDelay : longer(delay, Defaults.RETRY_MAX_DELAY);
        return download.maxRetries(retries).retryDelay(delay, longest);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    RetryPolicy policy() {
        RetryPolicy policy = RetryPolicy.exponential(delay).maxRetries(retries);
        if (maxDelay != null) {
            policy = policy.maxDelay(maxDelay);
        }
        return allMethods ? policy.retryAllMethods() : policy;
    }
}
