/** Sources as the messages of the Airbyte protocol. */
module dev.headrace.airbyte {
    requires transitive dev.headrace.core;
    requires static transitive org.jspecify;

    exports dev.headrace.airbyte;
}
