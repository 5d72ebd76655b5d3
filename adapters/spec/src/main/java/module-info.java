/** Sources written in YAML: connector, streams and their settings without code. */
module dev.headrace.spec {
    requires transitive dev.headrace.core;
    requires dev.headrace.sse;
    requires org.snakeyaml.engine;
    requires static transitive org.jspecify;

    exports dev.headrace.spec;
}
