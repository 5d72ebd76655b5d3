/** A program of somebody else. On the class path this file is ignored. */
module com.example.consumer {
    requires dev.headrace.server;
    requires dev.headrace.spec;
    requires dev.headrace.sse;
    requires dev.headrace.transfer;
    requires jdk.httpserver;
    // For schemas of specs and capabilities; Headrace does without where they are not asked for.
    requires com.networknt.schema;
    requires com.github.victools.jsonschema.generator;
    requires com.github.victools.jsonschema.module.jackson;

    // Jackson makes its records.
    opens com.example.consumer to
            tools.jackson.databind;
}
