package dev.headrace.server;

/** An integration over HTTP. */
public final class CapabilityServer {

    private CapabilityServer() {}
}
