package dev.headrace.spec;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What may stand somewhere in a spec, said once: from it come both the value for a piece of YAML, or what is wrong with
 * that, and what editors are told.
 *
 * @param <T> what comes of it
 */
interface Shape<T> {

    /** The value of what was found; null if something was wrong, which has been said then. */
    @Nullable
    T read(Found found);

    /** What may stand there, as a JSON Schema. */
    ObjectNode schema(EditorSchema schema);

    /** The same, made into something that may refuse it. */
    default <R> Shape<R> map(Function<? super T, ? extends R> change) {
        Shape<T> inner = this;
        return new Shape<>() {
            @Override
            public @Nullable R read(Found found) {
                T value = inner.read(found);
                return value == null ? null : accepted(found, () -> change.apply(value));
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                return inner.schema(schema);
            }
        };
    }

    /** What is made by the library; what it refuses is a problem here. */
    static <R> @Nullable R accepted(Found found, Supplier<? extends R> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            return found.problem(String.valueOf(e.getMessage()));
        } catch (HeadraceException e) {
            if (e.kind() != FailureKind.CONFIGURATION) {
                throw e;
            }
            return found.problem(String.valueOf(e.getMessage()));
        }
    }
}
