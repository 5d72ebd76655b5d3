package dev.headrace.http;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One expression of a URI template, what stands between two braces: an operator and its variables (RFC 6570 §2.2). */
final class UriExpression {

    /** How an operator expands; the table of RFC 6570 appendix A. */
    private enum Operator {
        SIMPLE("", ",", false, "", false),
        RESERVED("", ",", false, "", true),
        FRAGMENT("#", ",", false, "", true),
        LABEL(".", ".", false, "", false),
        SEGMENT("/", "/", false, "", false),
        PARAMETER(";", ";", true, "", false),
        QUERY("?", "&", true, "=", false),
        CONTINUATION("&", "&", true, "=", false);

        private final String first;
        private final String separator;
        private final boolean named;
        private final String ifEmpty;
        private final boolean allowsReserved;

        Operator(String first, String separator, boolean named, String ifEmpty, boolean allowsReserved) {
            this.first = first;
            this.separator = separator;
            this.named = named;
            this.ifEmpty = ifEmpty;
            this.allowsReserved = allowsReserved;
        }

        static @Nullable Operator of(char sign) {
            return switch (sign) {
                case '+' -> RESERVED;
                case '#' -> FRAGMENT;
                case '.' -> LABEL;
                case '/' -> SEGMENT;
                case ';' -> PARAMETER;
                case '?' -> QUERY;
                case '&' -> CONTINUATION;
                default -> null;
            };
        }
    }

    /** A variable with its modifier; {@code prefix} 0 is none. */
    private record Variable(String name, int prefix, boolean exploded) {}

    // RFC 6570 §2.3, with the letters and digits of all languages.
    private static final Pattern NAME = Pattern.compile(
            "(?:\\w|%\\p{XDigit}{2})+(?:\\.(?:\\w|%\\p{XDigit}{2})+)*", Pattern.UNICODE_CHARACTER_CLASS);

    private final String source;
    private final Operator operator;
    private final List<Variable> variables;

    private UriExpression(String source, Operator operator, List<Variable> variables) {
        this.source = source;
        this.operator = operator;
        this.variables = variables;
    }

    /** Reads what stands between the braces. The message of what it throws says what is wrong, not where. */
    static UriExpression parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("it is empty");
        }
        if ("=,!@|".indexOf(text.charAt(0)) >= 0) {
            throw new IllegalArgumentException("the operator '" + text.charAt(0) + "' is reserved (RFC 6570 §2.2)");
        }
        Operator operator = Operator.of(text.charAt(0));
        List<Variable> variables = new ArrayList<>();
        for (String variable : (operator == null ? text : text.substring(1)).split(",", -1)) {
            variables.add(variable(variable));
        }
        return new UriExpression(
                "{" + text + "}", operator == null ? Operator.SIMPLE : operator, List.copyOf(variables));
    }

    private static Variable variable(String text) {
        boolean exploded = text.endsWith("*");
        int colon = text.indexOf(':');
        String name = exploded ? text.substring(0, text.length() - 1) : colon < 0 ? text : text.substring(0, colon);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name; use letters, digits, '_' and '.'");
        }
        if (colon < 0 || exploded) {
            return new Variable(name, 0, exploded);
        }
        String length = text.substring(colon + 1);
        if (!length.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException("the prefix of '" + name + "' is not from 1 to 9999");
        }
        return new Variable(name, Integer.parseInt(length), false);
    }

    List<String> names() {
        return variables.stream().map(Variable::name).toList();
    }

    /**
     * Whether it must have a value for one of its variables. RFC 6570 leaves out whatever has no value, but without an operator's sign
     * of its own, as in {@code /issues/{number}}, that makes another target: all issues.
     */
    boolean isRequired() {
        return operator == Operator.SIMPLE || operator == Operator.RESERVED;
    }

    /**
     * Expands the expression (RFC 6570 §3.2.1).
     *
     * @param asText makes text of a single value: as it goes on the wire, or as it may be printed
     * @return null if no variable has a value
     */
    @Nullable
    String expand(Map<String, Object> values, Function<Object, String> asText) {
        StringJoiner expanded = new StringJoiner(operator.separator, operator.first, "").setEmptyValue("");
        boolean defined = false;
        for (Variable variable : variables) {
            Object value = values.get(variable.name());
            Object plain = value == null ? null : plain(value);
            if (plain != null) {
                defined = true;
                expand(variable, plain, asText, expanded);
            }
        }
        return defined ? expanded.toString() : null;
    }

    /** A list for anything with members, without those that are undefined; null for what counts as undefined (RFC 6570 §2.3). */
    private static @Nullable Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<Map.Entry<?, ?>> members = new ArrayList<>(map.entrySet());
            members.removeIf(member -> member.getValue() == null);
            return members.isEmpty() ? null : new Members(members);
        }
        List<Object> items = new ArrayList<>();
        if (value instanceof Iterable<?> iterable) {
            iterable.forEach(items::add);
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                items.add(Array.get(value, i));
            }
        } else {
            return value;
        }
        items.removeIf(Objects::isNull);
        return items.isEmpty() ? null : items;
    }

    /** The members of a map that have a value. */
    private record Members(List<Map.Entry<?, ?>> entries) {}

    private void expand(Variable variable, Object value, Function<Object, String> asText, StringJoiner expanded) {
        boolean composite = value instanceof List || value instanceof Members;
        if (composite && variable.prefix() > 0) {
            throw new IllegalArgumentException(
                    "The prefix in " + source + " is for text, but the value has several members (RFC 6570 §2.4.1)");
        }
        if (!composite) {
            expanded.add(pair(variable.name(), encoded(value, asText, variable.prefix())));
        } else if (!variable.exploded()) {
            StringJoiner list = new StringJoiner(",");
            if (value instanceof Members members) {
                members.entries()
                        .forEach(member -> list.add(encoded(String.valueOf(member.getKey()), asText, 0))
                                .add(encoded(member.getValue(), asText, 0)));
            } else {
                ((List<?>) value).forEach(item -> list.add(encoded(item, asText, 0)));
            }
            expanded.add(pair(variable.name(), list.toString()));
        } else if (value instanceof Members members) {
            members.entries().forEach(member -> {
                String key = encoded(String.valueOf(member.getKey()), asText, 0);
                String text = encoded(member.getValue(), asText, 0);
                expanded.add(operator.named ? pairOf(key, text) : key + "=" + text);
            });
        } else {
            ((List<?>) value).forEach(item -> expanded.add(pair(variable.name(), encoded(item, asText, 0))));
        }
    }

    private String pair(String name, String value) {
        return operator.named ? pairOf(name, value) : value;
    }

    private String pairOf(String name, String value) {
        return name + (value.isEmpty() ? operator.ifEmpty : "=" + value);
    }

    private String encoded(Object value, Function<Object, String> asText, int prefix) {
        String text = asText.apply(value);
        if (value instanceof Secret && text.equals(Secret.MASK)) {
            return text;
        }
        String cut = prefix == 0 ? text : head(text, prefix);
        return operator.allowsReserved ? PercentCoding.encodeLiteral(cut) : PercentCoding.encodeValue(cut);
    }

    /** The first characters; where escapes are kept, one of them is one character (RFC 6570 §2.4.1). */
    private String head(String text, int length) {
        int end = 0;
        for (int i = 0; i < length && end < text.length(); i++) {
            end = operator.allowsReserved && PercentCoding.isEscape(text, end)
                    ? end + 3
                    : text.offsetByCodePoints(end, 1);
        }
        return text.substring(0, end);
    }

    /** As it was written, with its braces. */
    @Override
    public String toString() {
        return source;
    }
}
