/**
 * One remote API: {@link dev.headrace.connector.Connector} holds base URL, policies and pool, and offers the operations;
 * {@link dev.headrace.connector.Endpoint} describes one of them. The chain of interceptors is assembled in {@code Chain}.
 */
@NullMarked
package dev.headrace.connector;

import org.jspecify.annotations.NullMarked;
