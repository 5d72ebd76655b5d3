package dev.headrace.spring;

/** The connectors of an application, by name. */
public final class Connectors {

    Connectors() {}
}
