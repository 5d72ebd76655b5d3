package dev.headrace.spring;

import java.util.List;

/** What a path of an integration leads to. */
record IntegrationRoute(Kind kind, String name) {

    enum Kind {
        CALL("POST"),
        READ("POST"),
        CHECK("POST"),
        DISCOVER("POST"),
        INFO("GET, HEAD, POST"),
        OPENAPI("GET, HEAD"),

        /** There is no such thing. */
        MISSING("");

        private final String methods;

        Kind(String methods) {
            this.methods = methods;
        }
    }

    boolean takes(String method) {
        return kind == Kind.MISSING || List.of(kind.methods.split(", ")).contains(method);
    }

    /** As the header {@code Allow} says it. */
    String allowed() {
        return kind.methods;
    }
}
