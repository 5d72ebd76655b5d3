/**
 * Servers that behave, and misbehave, like real ones, and checks that streaming code gives back what it took.
 *
 * <p>Start with {@link dev.headrace.test.TestServer}, which answers with {@link dev.headrace.test.Route routes}. Four
 * routes come ready made: {@link dev.headrace.test.FakeApi} (pages), {@link dev.headrace.test.EventFeed} (server-sent
 * events), {@link dev.headrace.test.RangeFile} (byte ranges) and {@link dev.headrace.test.FakeTokenEndpoint} (OAuth 2.0). {@link dev.headrace.test.RawServer} writes whatever
 * bytes a script says. {@link dev.headrace.test.LeakCheck} and {@link dev.headrace.test.FileIoBlockHoundIntegration}
 * register themselves as soon as this artifact is on the test class path.
 *
 * <p>All servers listen on 127.0.0.1, on a free port, over HTTP/1.1.
 */
@NullMarked
package dev.headrace.test;

import org.jspecify.annotations.NullMarked;
