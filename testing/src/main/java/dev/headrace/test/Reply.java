package dev.headrace.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a {@link RawServer} does with one request: bytes and pauses in order, and perhaps an end of the connection.
 *
 * <p>An immutable value. Text is sent as UTF-8, exactly as given: line ends must be written as {@code \r\n}. After the
 * last step the connection stays open for the next request.
 */
public final class Reply {

    sealed interface Step {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(byte[] bytes) implements Step {}

    record Pause(Duration duration) implements Step {}

    enum Ending implements Step {
        CLOSE,
        RESET,
        STALL
    }

    private final List<Step> steps;

    private Reply(List<Step> steps) {
        this.steps = steps;
    }

    /**
     * No bytes: a reply to go on from.
     *
     * @return an empty reply
     */
    public static Reply nothing() {
        return new Reply(List.of());
    }

    /**
     * Begins with text.
     *
     * @param text for example {@code HTTP/1.1 103 Early Hints\r\n\r\n}
     * @return a reply
     */
    public static Reply bytes(String text) {
        return nothing().then(text);
    }

    /**
     * Begins with bytes.
     *
     * @param bytes copied
     * @return a reply
     */
    public static Reply bytes(byte[] bytes) {
        return nothing().then(bytes);
    }

    /**
     * A complete {@code 200 OK} with a {@code Content-Length}.
     *
     * @param body as text
     * @return a reply
     */
    public static Reply ok(String body) {
        return nothing().thenOk(body);
    }

    /**
     * Sends text, in one write.
     *
     * @param text as UTF-8
     * @return this and then that
     */
    public Reply then(String text) {
        return and(new Bytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Sends bytes, in one write.
     *
     * @param bytes copied
     * @return this and then that
     */
    public Reply then(byte[] bytes) {
        return and(new Bytes(bytes.clone()));
    }

    /**
     * Sends a complete {@code 200 OK} with a {@code Content-Length}.
     *
     * @param body as text
     * @return this and then that
     */
    public Reply thenOk(String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return then("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + body);
    }

    /**
     * Waits; no thread is held.
     *
     * @param duration to the millisecond
     * @return this and then that
     */
    public Reply pause(Duration duration) {
        return and(new Pause(duration));
    }

    /**
     * Closes the connection with a FIN. Steps behind it are not reached.
     *
     * @return this and then that
     */
    public Reply close() {
        return and(Ending.CLOSE);
    }

    /**
     * Resets the connection; the client may lose bytes it had not read. Steps behind it are not reached.
     *
     * @return this and then that
     */
    public Reply reset() {
        return and(Ending.RESET);
    }

    /**
     * Sends nothing more and answers no further request, but keeps the connection open. Steps behind it are not reached.
     *
     * @return this and then that
     */
    public Reply stall() {
        return and(Ending.STALL);
    }

    List<Step> steps() {
        return steps;
    }

    private Reply and(Step step) {
        return new Reply(Stream.concat(steps.stream(), Stream.of(step)).toList());
    }
}
