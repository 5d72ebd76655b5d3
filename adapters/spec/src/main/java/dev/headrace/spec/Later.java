package dev.headrace.spec;

/**
 * Something that is made when a source is used, of what is known only then.
 *
 * @param <T> what is made
 */
@FunctionalInterface
interface Later<T> {

    T in(Scope scope);
}
