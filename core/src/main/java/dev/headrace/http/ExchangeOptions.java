package dev.headrace.http;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a single request asks of the chain and the transport. Immutable; every change gives a new value. */
public final class ExchangeOptions {

    /** How the transport treats a request. */
    public enum Profile {
        /** An ordinary call: a pooled connection, all timeouts. The default. */
        CALL,
        /** An event stream: a connection of its own that is closed at the end, and no gap timeout unless asked for. */
        EVENTS,
        /** A bulk transfer: a pool of its own, chunks of up to 64 KiB, always identity coding. */
        TRANSFER
    }

    private static final ExchangeOptions DEFAULTS = new ExchangeOptions(Profile.CALL, null, true, false, 0);

    private final Profile profile;
    private final @Nullable Timeouts timeouts;
    private final boolean retry;
    private final boolean decompress;
    private final int documentHead;

    private ExchangeOptions(
            Profile profile, @Nullable Timeouts timeouts, boolean retry, boolean decompress, int documentHead) {
        this.profile = Objects.requireNonNull(profile, "profile");
        this.timeouts = timeouts;
        this.retry = retry;
        this.decompress = decompress;
        this.documentHead = documentHead;
    }

    /**
     * An ordinary call with the connector's timeouts and retries, without decompression.
     *
     * @return the defaults
     */
    public static ExchangeOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How the transport treats the request.
     *
     * @return the profile; default {@link Profile#CALL}
     */
    public Profile profile() {
        return profile;
    }

    /**
     * Sets how the transport treats the request.
     *
     * @param profile the profile
     * @return new options
     */
    public ExchangeOptions profile(Profile profile) {
        return new ExchangeOptions(profile, timeouts, retry, decompress, documentHead);
    }

    /**
     * Timeouts of this request alone.
     *
     * @return the timeouts, or empty for the connector's
     */
    public Optional<Timeouts> timeouts() {
        return Optional.ofNullable(timeouts);
    }

    /**
     * Sets timeouts for this request alone; unlike the connector's they apply to event streams in full.
     *
     * @param timeouts the timeouts
     * @return new options
     */
    public ExchangeOptions timeouts(Timeouts timeouts) {
        return new ExchangeOptions(
                profile, Objects.requireNonNull(timeouts, "timeouts"), retry, decompress, documentHead);
    }

    /**
     * Whether the connector's retry policy may send this request again.
     *
     * @return default true
     */
    public boolean retry() {
        return retry;
    }

    /**
     * Sets whether the connector's retry policy may send this request again. Streams that resume by themselves turn it off, for
     * retries within retries multiply.
     *
     * @param retry false to send at most once
     * @return new options
     */
    public ExchangeOptions retry(boolean retry) {
        return new ExchangeOptions(profile, timeouts, retry, decompress, documentHead);
    }

    /**
     * Whether a gzip body is asked for and decompressed.
     *
     * @return default false: {@code Accept-Encoding: identity} is sent
     */
    public boolean decompress() {
        return decompress;
    }

    /**
     * Sets whether a gzip body is asked for and decompressed. A body that grows to more than 100 times its bytes on the wire
     * errors with {@link ContentEncodingException}. Not for {@link Profile#TRANSFER}: ranges count encoded bytes (RFC 9110 §14).
     *
     * @param decompress true to ask for gzip
     * @return new options
     */
    public ExchangeOptions decompress(boolean decompress) {
        return new ExchangeOptions(profile, timeouts, retry, decompress, documentHead);
    }

    /**
     * How many bytes of the body are read before the response is handed on.
     *
     * @return bytes; default 0
     */
    public int documentHead() {
        return documentHead;
    }

    /**
     * Sets how many bytes of the body are read before the response is handed on, so that a break within them is a failed attempt
     * like any other and may be retried.
     *
     * @param bytes 0 hands the response on as soon as its head has come
     * @return new options
     */
    public ExchangeOptions documentHead(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("documentHead must not be negative, but is " + bytes);
        }
        return new ExchangeOptions(profile, timeouts, retry, decompress, bytes);
    }

    @Override
    public String toString() {
        return "ExchangeOptions[" + profile + timeouts().map(t -> ", " + t).orElse("") + (retry ? "" : ", no retry")
                + (decompress ? ", decompress" : "") + (documentHead > 0 ? ", documentHead " + documentHead : "") + "]";
    }
}
