package dev.headrace.spec;

/**
 * A value, and where it was found.
 *
 * @param found the place
 * @param value the value
 * @param <T> its type
 */
record Located<T>(Found found, T value) {}
