package dev.headrace.connector;

import dev.headrace.http.BufferedResponse;
import java.util.Objects;
import java.util.function.Function;

/**
 * What became of one of many requests: a value, so that one failure does not end the others.
 *
 * @param <I> what went in: a {@link dev.headrace.http.Request} of a batch, an item or a list of items that was sent
 */
public sealed interface Outcome<I> {

    /**
     * The place in the input.
     *
     * @return counted from 0
     */
    long index();

    /**
     * What went in.
     *
     * @return the request, or the items
     */
    I input();

    /**
     * Whether the remote answered with a success.
     *
     * @return true for a {@link Success}
     */
    default boolean isSuccess() {
        return this instanceof Success;
    }

    /**
     * Makes one thing of either.
     *
     * @param success takes the answer
     * @param failure takes the failure
     * @param <R> the type of the result
     * @return what the function made
     */
    <R> R fold(
            Function<? super BufferedResponse, ? extends R> success, Function<? super Throwable, ? extends R> failure);

    /**
     * The remote answered with a success.
     *
     * @param index place in the input, counted from 0
     * @param input what went in
     * @param response the answer
     * @param <I> the type of what went in
     */
    record Success<I>(long index, I input, BufferedResponse response) implements Outcome<I> {
        /**
         * Checks the values.
         *
         * @param index as {@link #index()}
         * @param input as {@link #input()}
         * @param response as {@link #response()}
         */
        public Success {
            Objects.requireNonNull(input, "input");
            Objects.requireNonNull(response, "response");
        }

        @Override
        public <R> R fold(
                Function<? super BufferedResponse, ? extends R> success,
                Function<? super Throwable, ? extends R> failure) {
            return success.apply(response);
        }
    }

    /**
     * There was no answer, or one that is no success ({@link dev.headrace.http.HttpStatusException}), after all retries.
     *
     * @param index place in the input, counted from 0
     * @param input what went in
     * @param failure what happened
     * @param <I> the type of what went in
     */
    record Failure<I>(long index, I input, Throwable failure) implements Outcome<I> {
        /**
         * Checks the values.
         *
         * @param index as {@link #index()}
         * @param input as {@link #input()}
         * @param failure as {@link #failure()}
         */
        public Failure {
            Objects.requireNonNull(input, "input");
            Objects.requireNonNull(failure, "failure");
        }

        @Override
        public <R> R fold(
                Function<? super BufferedResponse, ? extends R> success,
                Function<? super Throwable, ? extends R> failure) {
            return failure.apply(this.failure);
        }
    }
}
