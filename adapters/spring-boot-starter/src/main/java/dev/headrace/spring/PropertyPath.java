package dev.headrace.spring;

import dev.headrace.error.HeadraceException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a group of properties stands, so that a value that the library refuses is reported by the name under which it was written.
 *
 * @param name such as {@code headrace.connectors.github.retry}
 */
record PropertyPath(String name) {

    PropertyPath at(String key) {
        return new PropertyPath(name + "." + key);
    }

    /** What becomes of a target by a property: nothing if it is not set. */
    <T, V> T set(T target, String key, @Nullable V value, BiFunction<? super T, ? super V, ? extends T> change) {
        return value == null ? target : at(key).attempt(() -> change.apply(target, value));
    }

    /** As {@link #set}, for what can only be switched on. */
    <T> T enable(T target, String key, boolean on, Function<? super T, ? extends T> change) {
        return on ? at(key).attempt(() -> change.apply(target)) : target;
    }

    <V> V required(String key, @Nullable V value) {
        if (value == null) {
            throw at(key).refused("It must be set");
        }
        return value;
    }

    void onlyOne(String key, @Nullable Object value, String otherKey, @Nullable Object otherValue) {
        if (value != null && otherValue != null) {
            throw at(key).refused(
                            "It cannot be set together with " + at(otherKey).name());
        }
    }

    /** Gives the failure of a setting this path. */
    <R> R attempt(Supplier<? extends R> setting) {
        try {
            return setting.get();
        } catch (IllegalArgumentException | HeadraceException e) {
            throw e instanceof PropertyException known ? known : new PropertyException(name, sentence(e), e);
        }
    }

    PropertyException refused(String reason) {
        return new PropertyException(name, reason, null);
    }

    private static String sentence(RuntimeException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
