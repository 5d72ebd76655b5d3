package dev.headrace.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Netty's adaptive allocator take its own lock. It does so for a moment, on an event loop, when threads contend for a magazine;
 * Netty's integration allows the locks of its pooled allocator, and not yet this one (4.2.15). Found through the service loader.
 */
public final class NettyAllocatorBlockHoundIntegration implements BlockHoundIntegration {

    /** For the service loader. */
    public NettyAllocatorBlockHoundIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    }
}
