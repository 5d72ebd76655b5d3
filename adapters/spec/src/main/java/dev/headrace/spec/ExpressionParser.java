package dev.headrace.spec;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads one expression of a scalar, by recursive descent.
 *
 * <pre>
 * expression = constant | reference | call
 * constant   = "'" … "'" | '"' … '"' | number | true | false | null
 * reference  = root ("." name | "[" (text | index) "]")*
 * call       = name "(" [expression ("," expression)*] ")"
 * </pre>
 */
final class ExpressionParser {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w-]*");
    private static final Pattern KEY = Pattern.compile("[\\w-]+");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern BLANKS = Pattern.compile("\\s*");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEEPEST = 50;

    private final String text;
    private int position;
    private int depth;

    /** The text is no expression. */
    static final class Misread extends Exception {

        private static final long serialVersionUID = 1L;

        private final int offset;

        Misread(int offset, String message) {
            super(message);
            this.offset = offset;
        }

        int offset() {
            return offset;
        }

        String message() {
            return String.valueOf(getMessage());
        }
    }

    ExpressionParser(String text, int position) {
        this.text = text;
        this.position = position;
    }

    /** The expression up to its closing braces. */
    Expression expression(int opening) throws Misread {
        Expression expression = value();
        skipBlanks();
        if (position >= text.length()) {
            throw new Misread(opening, "the braces are not closed; an expression ends with }}");
        }
        if (!text.startsWith("}}", position)) {
            throw new Misread(
                    position, "expected }} but found '" + rest() + "'; there are no operators, see default(…)");
        }
        position += 2;
        return expression;
    }

    /** Behind what has been read. */
    int position() {
        return position;
    }

    private Expression value() throws Misread {
        skipBlanks();
        int begin = position;
        if (position >= text.length() || text.startsWith("}}", position)) {
            throw new Misread(begin, "expected a reference such as config.name, a function or a constant");
        }
        char first = text.charAt(position);
        if (first == '\'' || first == '"') {
            return new Expression.Constant(JSON.stringNode(quoted()));
        }
        Matcher number = at(NUMBER);
        if (number.lookingAt()) {
            position = number.end();
            return new Expression.Constant(number(number.group()));
        }
        Matcher name = at(NAME);
        if (!name.lookingAt()) {
            throw new Misread(
                    begin,
                    "expected a reference such as config.name, a function or a constant, but found '" + rest() + "'");
        }
        position = name.end();
        return named(name.group(), begin);
    }

    private Expression named(String name, int begin) throws Misread {
        skipBlanks();
        if (text.startsWith("(", position)) {
            return call(name, begin);
        }
        switch (name) {
            case "true", "false" -> {
                return new Expression.Constant(JSON.booleanNode(name.equals("true")));
            }
            case "null" -> {
                return new Expression.Constant(JSON.nullNode());
            }
            default -> {
                return reference(name, begin);
            }
        }
    }

    private Expression reference(String name, int begin) throws Misread {
        Root root = Root.of(name)
                .orElseThrow(() -> new Misread(
                        begin,
                        "there is no '" + name + "' to speak of; there are config, slice, state and page"
                                + Suggestion.of(name, List.of("config", "slice", "state", "page"))));
        List<String> keys = new ArrayList<>();
        for (boolean more = true; more; ) {
            if (text.startsWith(".", position)) {
                position++;
                keys.add(key());
            } else if (text.startsWith("[", position)) {
                position++;
                keys.add(bracketed());
            } else {
                more = false;
            }
        }
        if (root == Root.PAGE && !keys.equals(List.of("number"))) {
            throw new Misread(begin, "of a page there is page.number and nothing else");
        }
        return new Expression.Reference(root, keys, begin);
    }

    private String key() throws Misread {
        Matcher key = at(KEY);
        if (!key.lookingAt()) {
            throw new Misread(position, "expected a name behind the dot");
        }
        position = key.end();
        return key.group();
    }

    private String bracketed() throws Misread {
        skipBlanks();
        boolean quoted = text.startsWith("'", position) || text.startsWith("\"", position);
        String key = quoted ? quoted() : key();
        skipBlanks();
        expect("]");
        return key;
    }

    private Expression call(String name, int begin) throws Misread {
        ExpressionFunction function = ExpressionFunction.named(name);
        if (function == null) {
            throw new Misread(
                    begin,
                    "there is no function " + name + Suggestion.of(name, ExpressionFunction.names()) + "; there are "
                            + String.join(", ", ExpressionFunction.names()));
        }
        if (++depth > DEEPEST) {
            throw new Misread(begin, "functions are nested deeper than " + DEEPEST + " levels");
        }
        position++;
        List<Expression> arguments = new ArrayList<>();
        skipBlanks();
        boolean more = !text.startsWith(")", position);
        while (more) {
            skipBlanks();
            int at = position;
            Expression argument = value();
            check(function, arguments.size(), argument, at);
            arguments.add(argument);
            skipBlanks();
            more = text.startsWith(",", position);
            position += more ? 1 : 0;
        }
        expect(")");
        depth--;
        String problem = function.problemWith(arguments.size());
        if (problem != null) {
            throw new Misread(begin, problem);
        }
        return new Expression.Call(function, arguments);
    }

    private static void check(ExpressionFunction function, int index, Expression argument, int at) throws Misread {
        if (argument instanceof Expression.Constant constant) {
            String problem = function.problemWith(index, constant.value());
            if (problem != null) {
                throw new Misread(at, problem);
            }
        }
    }

    private void expect(String sign) throws Misread {
        if (!text.startsWith(sign, position)) {
            throw new Misread(
                    position,
                    "expected " + sign
                            + (position < text.length() ? " but found '" + rest() + "'" : " but the text ends"));
        }
        position++;
    }

    /** Text in quotes of either kind; a backslash takes the next character as it is. */
    private String quoted() throws Misread {
        int begin = position;
        char quote = text.charAt(position++);
        StringBuilder content = new StringBuilder();
        while (position < text.length() && text.charAt(position) != quote) {
            if (text.charAt(position) == '\\' && position + 1 < text.length()) {
                position++;
            }
            content.append(text.charAt(position++));
        }
        if (position >= text.length()) {
            throw new Misread(begin, "the quote is not closed");
        }
        position++;
        return content.toString();
    }

    private static JsonNode number(String digits) {
        BigDecimal value = new BigDecimal(digits);
        return value.scale() == 0 && value.precision() < 10
                ? JSON.numberNode(value.intValueExact())
                : value.scale() == 0 && value.precision() < 19
                        ? JSON.numberNode(value.longValueExact())
                        : JSON.numberNode(value);
    }

    private Matcher at(Pattern pattern) {
        return pattern.matcher(text).region(position, text.length());
    }

    private void skipBlanks() {
        Matcher blanks = at(BLANKS);
        if (blanks.lookingAt()) {
            position = blanks.end();
        }
    }

    private String rest() {
        String rest = text.substring(position).strip();
        return rest.length() > 20 ? rest.substring(0, 20) + "…" : rest;
    }
}
