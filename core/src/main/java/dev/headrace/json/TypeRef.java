package dev.headrace.json;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * A type with its arguments, which a {@link Class} cannot name: {@code new TypeRef<List<Issue>>() {}}.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {

    private final Type type;

    /**
     * Captures the type argument of the anonymous subclass.
     *
     * @throws IllegalArgumentException if there is none
     */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType captured)
                || captured.getRawType() != TypeRef.class) {
            throw new IllegalArgumentException("A TypeRef needs its type argument: new TypeRef<List<String>>() {}");
        }
        this.type = captured.getActualTypeArguments()[0];
    }

    /**
     * The type.
     *
     * @return what stood between the angle brackets
     */
    public final Type type() {
        return type;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof TypeRef<?> that && type.equals(that.type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
