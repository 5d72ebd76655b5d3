/**
 * Integrations over HTTP: {@link dev.headrace.server.CapabilityServer} answers requests by capabilities and writes record streams as lines or
 * events, as fast as the caller reads.
 */
@NullMarked
package dev.headrace.server;

import org.jspecify.annotations.NullMarked;
