package dev.headrace.transfer;

import dev.headrace.http.HttpStatusException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.retry.Retry;

/**
 * When a failed step of an upload is followed by another one: after the wait that the server asks for, and a backoff with jitter. A step
 * that emits has moved bytes, and failures are counted anew.
 */
final class UploadRetry {

    private static final Logger LOG = LoggerFactory.getLogger(UploadRetry.class);

    private UploadRetry() {}

    static Retry of(long maxRetries, Upload.Plan plan, Predicate<Throwable> mayPass, Runnable waiting) {
        return TransferRetry.of(maxRetries, plan.retryDelay, plan.maxRetryDelay, mayPass, failure -> {
            waiting.run();
            LOG.debug("Going on with an upload after: {}", failure.getMessage());
        });
    }

    /** Whether what failed may succeed a second time without anybody changing anything. */
    static boolean isTransient(Throwable error) {
        // 413 passes only if the server says when: it is the upload that is too large, not the moment that is wrong.
        return TransferRetry.mayPass(error)
                && !(status(error) == 413 && TransferRetry.serverWait(error).isZero());
    }

    /** The status of the answer that is the failure; 0 for another failure. */
    static int status(Throwable error) {
        return error instanceof HttpStatusException answer ? answer.status() : 0;
    }
}
