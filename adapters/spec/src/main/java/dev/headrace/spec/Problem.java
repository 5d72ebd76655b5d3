package dev.headrace.spec;

import java.util.Objects;

/**
 * Something wrong with a spec, and where.
 *
 * @param line from 1
 * @param column from 1, in code points
 * @param path the keys that lead there, such as {@code streams.issues.items}; empty for the document itself
 * @param message what is wrong and what to try; on one line
 */
public record Problem(int line, int column, String path, String message) {

    /**
     * Creates a problem.
     *
     * @param line as {@link #line()}
     * @param column as {@link #column()}
     * @param path as {@link #path()}
     * @param message as {@link #message()}
     */
    public Problem {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(message, "message");
    }

    /**
     * The problem as compilers print theirs, but for the document's name.
     *
     * @return such as {@code 12:5: streams.issues.items: is empty}
     */
    @Override
    public String toString() {
        return line + ":" + column + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
