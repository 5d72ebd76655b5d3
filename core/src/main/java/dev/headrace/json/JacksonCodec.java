package dev.headrace.json;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.node.MissingNode;

/** A codec by Jackson, and the translation of Jackson's failures into ours. */
final class JacksonCodec<T> implements Codec<T> {

    static final Codec<JsonNode> TREE = new JacksonCodec<>(JsonNode.class);

    private final ObjectReader reader;
    private final ObjectReader readerWithinRuns;
    private final String typeName;

    JacksonCodec(Type type) {
        this.reader = Json.MAPPER.readerFor(Json.MAPPER.constructType(type));
        this.readerWithinRuns = reader.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        this.typeName = type instanceof Class<?> named ? named.getSimpleName() : type.getTypeName();
        try {
            // Jackson looks at a type when it first reads one; a type that it cannot make should fail where it is
            // named.
            reader.readValue("null");
        } catch (InvalidDefinitionException e) {
            throw new IllegalArgumentException(typeName + " cannot be read from JSON", e);
        } catch (JacksonException e) {
            // It refuses null, which is no matter here.
        }
    }

    @Override
    public T decode(byte[] bytes, int from, int to) {
        try {
            return present(reader.readValue(bytes, from, to - from));
        } catch (JacksonException e) {
            throw translated(e, typeName);
        }
    }

    @Override
    public Batch<T> batch() {
        return new JacksonBatch<>(readerWithinRuns, this);
    }

    T convert(JsonNode tree) {
        try {
            return present(reader.readValue(tree));
        } catch (JacksonException e) {
            throw translated(e, typeName);
        }
    }

    T present(@Nullable T value) {
        if (value == null) {
            throw failure("expected " + typeName + " but found null, which cannot be an item; read trees to see nulls");
        }
        if (value instanceof MissingNode) {
            throw failure("there is no JSON");
        }
        return value;
    }

    static String text(byte[] bytes, int from, int to) {
        try (JsonParser parser = Json.MAPPER.createParser(bytes, from, to - from)) {
            if (parser.nextToken() == null) {
                throw failure("there is no JSON");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw failure("there is more than one JSON value");
            }
        } catch (JacksonException e) {
            throw translated(e, "text");
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static DecodingException failure(String problem) {
        return new DecodingException(problem, 0, DecodingException.UNKNOWN, null);
    }

    /**
     * Jackson's own messages quote the data ("from String \"…\"", "Unrecognized token '…'"), so none of them is passed on, neither as
     * text nor as a cause; only what is wrong with the type itself, and what a user's own constructor threw.
     */
    private static DecodingException translated(JacksonException failure, String typeName) {
        long position = failure.getLocation() == null
                ? DecodingException.UNKNOWN
                : failure.getLocation().getByteOffset();
        return new DecodingException(
                problem(failure, typeName), position, DecodingException.UNKNOWN, harmlessCause(failure));
    }

    private static String problem(JacksonException failure, String typeName) {
        if (failure instanceof StreamConstraintsException) {
            return "the JSON is over a limit: " + failure.getOriginalMessage();
        }
        if (failure instanceof UnexpectedEndOfInputException) {
            return "the JSON ends too early";
        }
        if (failure instanceof StreamReadException) {
            return "the JSON is malformed";
        }
        if (failure instanceof InvalidDefinitionException) {
            return typeName + " cannot be read from JSON: " + failure.getOriginalMessage();
        }
        String path = failure.getPath().stream()
                .map(step ->
                        step.getPropertyName() != null ? step.getPropertyName() : Integer.toString(step.getIndex()))
                .collect(Collectors.joining("/"));
        String where = path.isEmpty() ? "the item" : "'/" + path + "'";
        if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "cannot read " + where + " of " + typeName + " as "
                    + mismatch.getTargetType().getSimpleName();
        }
        if (!path.isEmpty() && failure instanceof ValueInstantiationException refused) {
            return "cannot read " + where + " of " + typeName + " as "
                    + refused.getType().getRawClass().getSimpleName();
        }
        return "cannot read " + where + " of " + typeName;
    }

    private static @Nullable Throwable harmlessCause(JacksonException failure) {
        if (failure instanceof InvalidDefinitionException) {
            return failure;
        }
        // What parses dates and the like quotes them; a user's own constructor says what it likes.
        return failure instanceof ValueInstantiationException && !(failure.getCause() instanceof JacksonException)
                ? failure.getCause()
                : null;
    }

    @Override
    public String toString() {
        return "Codec[" + typeName + "]";
    }
}
