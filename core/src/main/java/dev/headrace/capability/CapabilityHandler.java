package dev.headrace.capability;

import reactor.core.publisher.Mono;

/**
 * What a capability does.
 *
 * @param <I> what it is asked with
 * @param <O> what it answers with
 */
@FunctionalInterface
public interface CapabilityHandler<I, O> {

    /**
     * Answers one call. Called when somebody has subscribed to it, once for each; must not block.
     *
     * @param request what is asked for
     * @param context who asks: credentials, settings, and connectors for them
     * @return the answer, exactly one; a failure becomes the {@code error} of the envelope
     */
    Mono<CapabilityResponse<O>> handle(CapabilityRequest<I> request, CapabilityContext context);

    /**
     * What a capability does that has to block, such as one on a driver that knows nothing else.
     *
     * @param <I> what it is asked with
     * @param <O> what it answers with
     */
    @FunctionalInterface
    interface Blocking<I, O> {

        /**
         * Answers one call, on a thread of {@link reactor.core.scheduler.Schedulers#boundedElastic()}; interrupted if the caller goes.
         *
         * @param request what is asked for
         * @param context who asks
         * @return the answer
         * @throws Exception what failed; it becomes the {@code error} of the envelope
         */
        CapabilityResponse<O> handle(CapabilityRequest<I> request, CapabilityContext context) throws Exception;
    }
}
