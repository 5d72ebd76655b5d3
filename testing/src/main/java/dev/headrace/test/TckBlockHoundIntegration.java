package dev.headrace.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets the subscribers of the Reactive Streams TCK take the locks of the queues in which they keep what they have heard. A test waits at such a
 * queue, so now and then a publisher that signals from a thread that must not block finds it locked. Refused, the signal would be lost, and
 * the test would fail because it "did not receive" what was sent to it. Found through the service loader.
 */
public final class TckBlockHoundIntegration implements BlockHoundIntegration {

    /** For the service loader. */
    public TckBlockHoundIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Receptacle", "add");
        builder.allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Receptacle", "complete");
        builder.allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Promise", "complete");
        builder.allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Promise", "completeImmediatly");
    }
}
