package dev.headrace.spec;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the document on its way to become something.
 *
 * @param reading of the document
 * @param path the keys that lead here
 * @param holder where the key or the list's element stands that holds it
 * @param node what is written
 */
record Found(Reading reading, String path, Position holder, YamlNode node) {

    private static final int LONGEST_KEY = 100;
    private static final Pattern PLAIN_KEY = Pattern.compile("[\\w-]+");

    static Found root(Reading reading, YamlNode node) {
        return new Found(reading, "", Position.START, node);
    }

    Found value(YamlNode.Entry entry) {
        return new Found(reading, join(path, entry.key()), entry.at(), entry.value());
    }

    Found element(int index, YamlNode element) {
        return new Found(reading, path + "[" + index + "]", element.at(), element);
    }

    static String join(String path, String key) {
        // What nobody calls anything would make paths that nobody reads; the number keeps them apart.
        String shown = key.length() <= LONGEST_KEY
                ? key
                : key.substring(0, LONGEST_KEY) + "…" + Integer.toHexString(key.hashCode());
        String name = PLAIN_KEY.matcher(shown).matches() ? shown : "'" + shown + "'";
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Says that what is written here is wrong; gives nothing, for that is what comes of it. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // it is nothing, whatever was wanted
    <T> @Nullable T problem(String message) {
        return problem(node.isNull() ? holder : node.at(), message);
    }

    /** Says that something within is wrong. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // it is nothing, whatever was wanted
    <T> @Nullable T problem(Position at, String message) {
        reading.problems().add(at, path, message);
        return null;
    }

    /** Says that something else was to stand here. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // it is nothing, whatever was wanted
    <T> @Nullable T unexpected(String expected) {
        return problem(
                node.isNull()
                        ? "is empty; expected " + expected
                        : "expected " + expected + " but found " + node.kind());
    }

    /**
     * What is made of this place when a source is used.
     *
     * @throws HeadraceException of kind CONFIGURATION that names the place, if the library refuses what it is given
     */
    <T> T made(Supplier<? extends T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new HeadraceException(FailureKind.CONFIGURATION, described() + ": " + e.getMessage(), e);
        }
    }

    /** How this place is called when something goes wrong with it later. */
    String described() {
        Position at = node.at();
        return reading.name() + ":" + at.line() + ":" + at.column() + ": " + path;
    }
}
