package dev.headrace.spec;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What stands between double braces: a constant, a reference or a call of a function; no code. */
sealed interface Expression {

    /**
     * Its value.
     *
     * @return a JSON value; a {@link MissingNode} if a reference leads nowhere
     * @throws IllegalArgumentException if a function cannot make anything of its arguments
     */
    JsonNode in(Scope scope);

    /** All references in it. */
    Stream<Reference> references();

    /** A value that is written down. */
    record Constant(JsonNode value) implements Expression {

        @Override
        public JsonNode in(Scope scope) {
            return value;
        }

        @Override
        public Stream<Reference> references() {
            return Stream.empty();
        }
    }

    /**
     * A value that comes with the reading.
     *
     * @param root what it belongs to
     * @param keys the way to it
     * @param offset where in the scalar it stands
     */
    record Reference(Root root, List<String> keys, int offset) implements Expression {

        public Reference {
            keys = List.copyOf(keys);
        }

        @Override
        public JsonNode in(Scope scope) {
            JsonNode value = scope.of(root);
            for (String key : keys) {
                value = value.isArray() && key.matches("\\d{1,9}")
                        ? value.path(Integer.parseInt(key))
                        : value.path(key);
            }
            return value;
        }

        @Override
        public Stream<Reference> references() {
            return Stream.of(this);
        }

        @Override
        public String toString() {
            return root.word() + (keys.isEmpty() ? "" : "." + String.join(".", keys));
        }
    }

    /** What a function makes of its arguments. */
    record Call(ExpressionFunction function, List<Expression> arguments) implements Expression {

        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public JsonNode in(Scope scope) {
            if (function.isDefault()) {
                // What stands in for a value may be wrong as long as nobody needs it.
                JsonNode value = arguments.get(0).in(scope);
                return ExpressionFunction.isNothing(value) ? arguments.get(1).in(scope) : value;
            }
            return function.apply(
                    scope,
                    arguments.stream().map(argument -> argument.in(scope)).toList());
        }

        @Override
        public Stream<Reference> references() {
            return arguments.stream().flatMap(Expression::references);
        }
    }
}
