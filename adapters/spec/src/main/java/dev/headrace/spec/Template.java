package dev.headrace.spec;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Secret;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/**
 * A scalar that may hold expressions and secrets. One that is exactly one expression keeps that one's type; others are
 * text, in which every expression must have a value. A text with a secret in it is a secret as a whole.
 */
final class Template {

    private static final Pattern SECRET = Pattern.compile("\\$\\{secret:([A-Za-z_][\\w./-]*)}");

    private final Found place;
    private final List<Part> parts;

    /** What a text is put together of. */
    private sealed interface Part {

        record Words(JsonNode value) implements Part {}

        record Inserted(Expression expression) implements Part {}

        record Hidden(String name) implements Part {}
    }

    private Template(Found place, List<Part> parts) {
        this.place = place;
        this.parts = parts;
    }

    /** Reads a scalar, and says what is wrong with its expressions; nothing if something is. */
    static Optional<Template> read(Found found, YamlNode.Scalar scalar, boolean takesSecrets, Set<Root> roots) {
        try {
            Template template = new Template(found, new Scan(scalar.text(), scalar.json(), takesSecrets).parts());
            for (Expression.Reference reference : template.references().toList()) {
                if (!roots.contains(reference.root())) {
                    throw new ExpressionParser.Misread(
                            reference.offset(), "'" + reference.root().word() + "' is not known here" + only(roots));
                }
            }
            found.reading().add(template);
            return Optional.of(template);
        } catch (ExpressionParser.Misread e) {
            found.problem(scalar.at(e.offset()), e.message());
            return Optional.empty();
        }
    }

    /** JSON's null, where that is a value to be sent. */
    static Template nothing(Found found) {
        return new Template(found, List.of(new Part.Words(JsonNodeFactory.instance.nullNode())));
    }

    private static String only(Set<Root> roots) {
        return roots.isEmpty()
                ? ""
                : ", only " + String.join(", ", roots.stream().map(Root::word).toList());
    }

    /** One walk over a scalar's text. */
    private static final class Scan {

        private final String text;
        private final JsonNode value;
        private final boolean takesSecrets;
        private final List<Part> parts = new ArrayList<>();
        private int copied;

        Scan(String text, JsonNode value, boolean takesSecrets) {
            this.text = text;
            this.value = value;
            this.takesSecrets = takesSecrets;
        }

        List<Part> parts() throws ExpressionParser.Misread {
            int position = 0;
            while (position < text.length()) {
                if (text.startsWith("{{", position)) {
                    copyTo(position);
                    ExpressionParser parser = new ExpressionParser(text, position + 2);
                    parts.add(new Part.Inserted(parser.expression(position)));
                    position = parser.position();
                    copied = position;
                } else if (text.startsWith("${", position)) {
                    copyTo(position);
                    position = secret(position);
                    copied = position;
                } else {
                    position++;
                }
            }
            if (parts.isEmpty()) {
                return List.of(new Part.Words(value));
            }
            copyTo(text.length());
            return List.copyOf(parts);
        }

        private void copyTo(int position) {
            if (position > copied) {
                parts.add(new Part.Words(JsonNodeFactory.instance.stringNode(text.substring(copied, position))));
            }
        }

        private int secret(int position) throws ExpressionParser.Misread {
            Matcher secret = SECRET.matcher(text).region(position, text.length());
            if (!secret.lookingAt()) {
                throw new ExpressionParser.Misread(
                        position, "expected ${secret:NAME}; values of the config are written {{ config.name }}");
            }
            if (!takesSecrets) {
                throw new ExpressionParser.Misread(
                        position,
                        "a secret may not stand here, for it would be printed; it belongs into auth, headers, query or"
                                + " a body");
            }
            parts.add(new Part.Hidden(secret.group(1)));
            return secret.end();
        }
    }

    /** Where it stands. */
    Found place() {
        return place;
    }

    Stream<Expression.Reference> references() {
        return parts.stream()
                .flatMap(part -> part instanceof Part.Inserted inserted
                        ? inserted.expression().references()
                        : Stream.empty());
    }

    /** What it speaks of. */
    Set<Root> roots() {
        Set<Root> roots = EnumSet.noneOf(Root.class);
        references().forEach(reference -> roots.add(reference.root()));
        return roots;
    }

    boolean hasSecret() {
        return parts.stream().anyMatch(Part.Hidden.class::isInstance);
    }

    /** Whether it is the same in every reading. */
    boolean isConstant() {
        return parts.size() == 1 && parts.get(0) instanceof Part.Words;
    }

    /** Whether it is the same for all requests of a reading, and no secret. */
    boolean isSettled() {
        return !hasSecret() && roots().stream().allMatch(root -> root == Root.CONFIG);
    }

    /**
     * Its value.
     *
     * @return a JSON value; a {@link MissingNode} if it is one expression that has none
     * @throws HeadraceException of kind CONFIGURATION if an expression within a longer text has no value, or a function
     *     fails
     * @throws IllegalStateException if it holds a secret
     */
    JsonNode value(Scope scope) {
        if (hasSecret()) {
            throw new IllegalStateException("a secret is no value: " + place.described());
        }
        return parts.size() == 1 ? value(parts.get(0), scope) : JsonNodeFactory.instance.stringNode(joined(scope));
    }

    /**
     * Its value as text.
     *
     * @throws HeadraceException of kind CONFIGURATION if it has none
     */
    String text(Scope scope) {
        JsonNode value = value(scope);
        if (ExpressionFunction.isNothing(value)) {
            throw failure("has no value" + hint());
        }
        return ExpressionFunction.written(value);
    }

    /**
     * Its value as a secret, whether it holds one or not.
     *
     * @throws HeadraceException of kind CONFIGURATION if it has none
     */
    Secret secret(Scope scope) {
        String value = hasSecret() ? joined(scope) : text(scope);
        if (value.isEmpty()) {
            throw failure("is an empty text where a secret is needed");
        }
        return Secret.of(value);
    }

    /** What goes into a request: a {@link Secret} or a JSON value; empty if there is none. */
    Optional<Object> sent(Scope scope) {
        if (hasSecret()) {
            return Optional.of(secret(scope));
        }
        JsonNode value = value(scope);
        return value.isMissingNode() || value.isNull() && !isConstant() ? Optional.empty() : Optional.of(value);
    }

    /** Its value if that is constant; for what can be checked when the document is read. */
    @Nullable
    JsonNode constant() {
        return parts.size() == 1 && parts.get(0) instanceof Part.Words words ? words.value() : null;
    }

    /** Its text with something else in the place of each expression. */
    String with(Function<Expression, String> insert) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(
                    part instanceof Part.Inserted inserted
                            ? insert.apply(inserted.expression())
                            : part instanceof Part.Words words
                                    ? ExpressionFunction.written(words.value())
                                    : Secret.MASK);
        }
        return text.toString();
    }

    /**
     * The value of one of its expressions.
     *
     * @throws HeadraceException of kind CONFIGURATION if it has none
     */
    JsonNode required(Expression expression, Scope scope) {
        JsonNode value = value(new Part.Inserted(expression), scope);
        if (ExpressionFunction.isNothing(value)) {
            throw failure("has an expression without a value" + hint());
        }
        return value;
    }

    private String joined(Scope scope) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Hidden hidden) {
                text.append(scope.secrets().get(hidden.name()).reveal());
            } else {
                JsonNode value = value(part, scope);
                if (ExpressionFunction.isNothing(value)) {
                    throw failure("has an expression without a value" + hint());
                }
                text.append(ExpressionFunction.written(value));
            }
        }
        return text.toString();
    }

    private JsonNode value(Part part, Scope scope) {
        if (part instanceof Part.Inserted inserted) {
            try {
                return inserted.expression().in(scope);
            } catch (IllegalArgumentException e) {
                throw new HeadraceException(FailureKind.CONFIGURATION, place.described() + ": " + e.getMessage(), e);
            }
        }
        return part instanceof Part.Words words ? words.value() : MissingNode.getInstance();
    }

    private String hint() {
        return references()
                .findFirst()
                .map(reference -> "; give " + reference + " one, or write default(" + reference + ", …)")
                .orElse("");
    }

    private HeadraceException failure(String problem) {
        return new HeadraceException(FailureKind.CONFIGURATION, place.described() + " " + problem, null);
    }

    @Override
    public String toString() {
        return "Template[" + place.described() + "]";
    }
}
