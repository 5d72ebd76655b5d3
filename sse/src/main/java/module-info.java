/** Server-sent events as a reactive stream: parsing to the letter of the standard, reconnection, demand that reaches the socket. */
module dev.headrace.sse {
    requires transitive dev.headrace.core;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.headrace.sse;
}
