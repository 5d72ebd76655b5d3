package dev.headrace.capability;

import reactor.core.publisher.Mono;

/**
 * Changes what callers get to see of a failure.
 *
 * @param <E> which failures
 */
@FunctionalInterface
public interface ErrorMapper<E extends Throwable> {

    /**
     * Describes a failure. Runs behind the default description and behind the mappers that were added before; may call out, must not block.
     *
     * @param failure what happened
     * @param error how it has been described so far
     * @return the description from now on; if this fails or is empty, the one so far stays
     */
    Mono<CapabilityError> map(E failure, CapabilityError error);
}
