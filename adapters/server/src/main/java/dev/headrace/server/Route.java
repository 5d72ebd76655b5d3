package dev.headrace.server;

import java.util.List;

/** What a path leads to. */
record Route(Kind kind, String name) {

    enum Kind {
        CALL("POST"),
        READ("POST"),
        CHECK("POST"),
        DISCOVER("POST"),
        INFO("GET, HEAD, POST"),
        OPENAPI("GET, HEAD"),
        STATS("GET, HEAD"),
        HEALTH("GET, HEAD");

        private final String methods;

        Kind(String methods) {
            this.methods = methods;
        }
    }

    boolean takes(String method) {
        return List.of(kind.methods.split(", ")).contains(method);
    }

    /** As the header {@code Allow} says it. */
    String allowed() {
        return kind.methods;
    }
}
