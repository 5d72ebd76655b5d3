/** Integrations over HTTP: capabilities as requests, record streams as lines or events. */
module dev.headrace.server {
    requires transitive dev.headrace.core;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.headrace.server;
}
