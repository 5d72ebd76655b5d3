/**
 * Servers that behave, and misbehave, like real ones, and checks that streaming code gives back what it took.
 *
 * <p>Start with {@link dev.headrace.test.TestServer}, which answers with {@link dev.headrace.test.Route routes}. Many come
 * ready made: {@link dev.headrace.test.EventFeed} (server-sent events), with {@link dev.headrace.test.FakeEventStreams} (as
 * Wikimedia) and {@link dev.headrace.test.FakeChatCompletions} (as OpenAI), {@link dev.headrace.test.RangeFile} (byte ranges),
 * {@link dev.headrace.test.FakeTokenEndpoint} (OAuth 2.0), and APIs with pages, which share their faults by {@link
 * dev.headrace.test.FaultyRoute}: {@link dev.headrace.test.FakeApi} (links, as GitHub), {@link
 * dev.headrace.test.FakeRepositories} (lists of parents and children), {@link
 * dev.headrace.test.FakeStripe} (the last item's id), {@link dev.headrace.test.FakeSlack} (a cursor), {@link
 * dev.headrace.test.FakeSalesforce} (relative addresses), {@link dev.headrace.test.FakeElasticsearch} (sort values in a
 * point in time), {@link dev.headrace.test.FakeHubSpot} (offsets), {@link dev.headrace.test.FakeShopify} and {@link
 * dev.headrace.test.FakeShopifyGraphQl} (positions, and a cost), {@link dev.headrace.test.FakeGraph} (opaque addresses),
 * {@link dev.headrace.test.FakeRelay} (GraphQL connections) and {@link dev.headrace.test.FakeCalendar} (tokens of pages and
 * of changes). {@link dev.headrace.test.RawServer} writes whatever
 * bytes a script says. {@link dev.headrace.test.LeakCheck} and {@link dev.headrace.test.BlockingCheck} are there without being asked
 * where JUnit looks for extensions ({@code junit.jupiter.extensions.autodetection.enabled=true}), and with the latter what BlockHound
 * needs to know of files ({@link dev.headrace.test.FileIoBlockHoundIntegration}).
 *
 * <p>All servers listen on 127.0.0.1, on a free port, over HTTP/1.1.
 */
@NullMarked
package dev.headrace.test;

import org.jspecify.annotations.NullMarked;
