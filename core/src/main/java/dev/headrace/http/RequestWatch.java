package dev.headrace.http;

import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientRequest;

/**
 * Told of one request by the client that sends it, which finds it in the Reactor context: callbacks of its own for each request would be a
 * copy of the whole client for each.
 */
interface RequestWatch {

    /** There is a connection, and the request is about to be written: its headers are set here, by nobody else. On its event loop. */
    void prepared(HttpClientRequest request, Connection connection);

    /** All of the request has been written. On its event loop. */
    void sent(Connection connection);
}
