package dev.headrace.examples.dashboard;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** WebFlux looks for the files of a page, and opens and reads them, on its event loops; that is the framework's to decide. */
public final class StaticFiles implements BlockHoundIntegration {

    /** BlockHound makes it. */
    public StaticFiles() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("reactor.netty.NettyOutbound", "lambda$sendFile$0")
                .allowBlockingCallsInside(
                        "org.springframework.web.reactive.resource.LiteWebJarsResourceResolver",
                        "findWebJarResourcePath")
                .allowBlockingCallsInside(
                        "org.springframework.web.reactive.resource.PathResourceResolver", "getResource")
                .allowBlockingCallsInside(
                        "org.springframework.core.io.buffer.DataBufferUtils$ReadableByteChannelGenerator", "accept");
    }
}
