/** Integrations over HTTP: capabilities as requests, record streams as lines or events. */
module dev.headrace.server {
    requires transitive dev.headrace.core;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.headrace.server;
}
