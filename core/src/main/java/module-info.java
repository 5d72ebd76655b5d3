/** Connector and everything a request needs: exchange, retry, credentials, pagination and records. */
module dev.headrace.core {
    requires transitive org.reactivestreams;
    requires transitive reactor.core;
    requires transitive reactor.netty.core;
    requires transitive reactor.netty.http;
    requires transitive io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.codec.compression;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.handler.proxy;
    requires io.netty.resolver.dns;
    requires io.netty.transport;
    // Reactor Netty is no module of its own, so what it loads has to be named here: to ask whether HTTP/3 is there, it
    // loads a class.
    requires io.netty.codec.classes.quic;
    requires transitive tools.jackson.databind;
    requires org.slf4j;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.bucket4j.core;
    requires static micrometer.observation;
    requires static tools.jackson.module.blackbird;
    requires static com.networknt.schema;
    requires static com.github.victools.jsonschema.generator;
    requires static com.github.victools.jsonschema.module.jackson;
    requires static com.fasterxml.classmate;
    requires static tools.jackson.dataformat.csv;
    requires static transitive org.jspecify;

    exports dev.headrace;
    exports dev.headrace.error;
    exports dev.headrace.http;
    exports dev.headrace.json;
    exports dev.headrace.decode;
    exports dev.headrace.auth;
    exports dev.headrace.resilience;
    exports dev.headrace.pagination;
    exports dev.headrace.connector;
    exports dev.headrace.observe;
    exports dev.headrace.state;
    exports dev.headrace.stream;
    exports dev.headrace.capability;
}
