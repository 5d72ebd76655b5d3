package dev.headrace.stream;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Pointer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A record is not what its {@link FieldMapping} or a {@link Transform} was made for. {@link FailureKind#UNTRUSTED_DATA}.
 *
 * <p>The message says where and what was expected, and shows no data but kinds of values and the keys on the way: records hold secrets.
 * What another exception said is left out for the same reason; its class is named, and its stack trace is the one of this.
 */
public final class MappingException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final transient Pointer pointer;
    private final transient @Nullable String transform;
    private final transient String problem;

    /**
     * Creates a failure of a transform of one's own. Where it was and what the transform is called is added on the way.
     *
     * @param problem what was expected and what came; without data
     */
    public MappingException(String problem) {
        this(Pointer.ROOT, null, problem);
    }

    private MappingException(Pointer pointer, @Nullable String transform, String problem) {
        super(FailureKind.UNTRUSTED_DATA, message(pointer, transform, problem), null);
        this.pointer = pointer;
        this.transform = transform;
        this.problem = Objects.requireNonNull(problem, "problem");
    }

    private static String message(Pointer pointer, @Nullable String transform, String problem) {
        String place = pointer.keys().isEmpty() ? "" : "'" + pointer + "': ";
        return place + (transform == null ? "" : "transform '" + transform + "': ") + problem;
    }

    static MappingException at(Pointer pointer, String problem) {
        return new MappingException(pointer, null, problem);
    }

    static MappingException unexpected(String expected, JsonNode found) {
        return new MappingException("expected " + expected + " but found " + kind(found));
    }

    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "something else";
        };
    }

    /** A failure in a function of the user's, whose own message could quote the data. */
    static HeadraceException of(RuntimeException failure) {
        if (failure instanceof HeadraceException known) {
            return known;
        }
        MappingException safe =
                new MappingException("failed with " + failure.getClass().getName());
        safe.setStackTrace(failure.getStackTrace());
        return safe;
    }

    /** This failure, seen from the container in which it happened. */
    MappingException within(Pointer place) {
        List<String> keys =
                Stream.concat(place.keys().stream(), pointer.keys().stream()).toList();
        return like(new MappingException(new Pointer(keys), transform, problem));
    }

    /** This failure with the transform in which it happened, the innermost if there are several. */
    MappingException by(String name) {
        return like(new MappingException(pointer, transform == null ? name : transform, problem));
    }

    private MappingException like(MappingException other) {
        other.setStackTrace(getStackTrace());
        return other;
    }

    /**
     * Where in the record it happened.
     *
     * @return the place; the whole record if the transform was used on its own
     */
    public Pointer pointer() {
        return pointer;
    }

    /**
     * The transform that failed.
     *
     * @return its name; empty if it has none or no transform is at fault
     */
    public Optional<String> transform() {
        return Optional.ofNullable(transform);
    }

    /**
     * What was expected and what came, without the place.
     *
     * @return the message without its beginning
     */
    public String problem() {
        return problem;
    }
}
