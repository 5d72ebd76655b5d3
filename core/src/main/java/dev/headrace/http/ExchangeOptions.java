package dev.headrace.http;

import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a single request asks of the chain and the transport. Immutable; every change gives a new value. */
public final class ExchangeOptions {

    /** How the transport treats a request. */
    public enum Profile {
        /** An ordinary call: a pooled connection, all timeouts. The default. */
        CALL,
        /**
         * An event stream: a connection of its own that is closed at the end, no gap or total timeout unless the request asks for one, and small HTTP chunks that
         * arrive together are handed on together.
         */
        EVENTS,
        /** A bulk transfer: a pool of its own, chunks of up to 64 KiB, always identity coding. */
        TRANSFER
    }

    private static final int INHERITED = -1;
    private static final ExchangeOptions DEFAULTS =
            new ExchangeOptions(Profile.CALL, UnaryOperator.identity(), true, false, false, 0, INHERITED, null, null);

    private final Profile profile;
    private final UnaryOperator<Timeouts> timeouts;
    private final boolean retry;
    private final boolean decompress;
    private final boolean confidential;
    private final int documentHead;
    private final int maxRedirects;
    private final @Nullable TlsSettings tls;
    private final @Nullable ProxySettings proxy;

    private ExchangeOptions(
            Profile profile,
            UnaryOperator<Timeouts> timeouts,
            boolean retry,
            boolean decompress,
            boolean confidential,
            int documentHead,
            int maxRedirects,
            @Nullable TlsSettings tls,
            @Nullable ProxySettings proxy) {
        this.profile = Objects.requireNonNull(profile, "profile");
        this.timeouts = timeouts;
        this.retry = retry;
        this.decompress = decompress;
        this.confidential = confidential;
        this.documentHead = documentHead;
        this.maxRedirects = maxRedirects;
        this.tls = tls;
        this.proxy = proxy;
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
        return new ExchangeOptions(
                profile, timeouts, retry, decompress, confidential, documentHead, maxRedirects, tls, proxy);
    }

    /**
     * The clocks of this request.
     *
     * @param defaults the connector's; event streams take them without the gap and the total
     * @return the defaults with what this request changes
     */
    public Timeouts timeoutsOver(Timeouts defaults) {
        // Silence is normal on an event stream, and so is a long life; only the request itself may limit them.
        return timeouts.apply(
                profile == Profile.EVENTS ? defaults.gap(Duration.ZERO).total(Duration.ZERO) : defaults);
    }

    /**
     * Sets all clocks for this request alone, whatever the connector's are.
     *
     * @param timeouts the timeouts
     * @return new options
     */
    public ExchangeOptions timeouts(Timeouts timeouts) {
        Objects.requireNonNull(timeouts, "timeouts");
        return new ExchangeOptions(
                profile, defaults -> timeouts, retry, decompress, confidential, documentHead, maxRedirects, tls, proxy);
    }

    /**
     * Changes some of the clocks for this request alone; the others stay the connector's.
     *
     * @param change such as {@code t -> t.head(ofMinutes(2))}
     * @return new options
     */
    public ExchangeOptions timeouts(UnaryOperator<Timeouts> change) {
        UnaryOperator<Timeouts> before = timeouts;
        return new ExchangeOptions(
                profile,
                defaults -> change.apply(before.apply(defaults)),
                retry,
                decompress,
                confidential,
                documentHead,
                maxRedirects,
                tls,
                proxy);
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
        return new ExchangeOptions(
                profile, timeouts, retry, decompress, confidential, documentHead, maxRedirects, tls, proxy);
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
        return new ExchangeOptions(
                profile, timeouts, retry, decompress, confidential, documentHead, maxRedirects, tls, proxy);
    }

    /**
     * Whether the bodies of request and response are kept out of the wire log ({@code dev.headrace.observe.WireLog}).
     *
     * @return false unless asked for
     */
    public boolean confidential() {
        return confidential;
    }

    /**
     * Keeps the bodies of request and response out of the wire log: for secrets that stand in them under names that do not speak of any.
     *
     * @param confidential whether to show no more of them than their length
     * @return new options
     */
    public ExchangeOptions confidential(boolean confidential) {
        return new ExchangeOptions(
                profile, timeouts, retry, decompress, confidential, documentHead, maxRedirects, tls, proxy);
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
        return new ExchangeOptions(profile, timeouts, retry, decompress, confidential, bytes, maxRedirects, tls, proxy);
    }

    /**
     * How many redirects of this request are followed.
     *
     * @param inherited the connector's limit
     * @return that, unless the request has its own
     */
    public int maxRedirectsOver(int inherited) {
        return maxRedirects == INHERITED ? inherited : maxRedirects;
    }

    /**
     * Sets how many redirects of this request are followed, whatever the connector's limit is.
     *
     * @param maxRedirects 0 hands a redirect on as the answer
     * @return new options
     */
    public ExchangeOptions maxRedirects(int maxRedirects) {
        if (maxRedirects < 0) {
            throw new IllegalArgumentException("maxRedirects must not be negative, but is " + maxRedirects);
        }
        return new ExchangeOptions(
                profile, timeouts, retry, decompress, confidential, documentHead, maxRedirects, tls, proxy);
    }

    /**
     * Whom this request trusts and what it shows.
     *
     * @param inherited the connector's
     * @return that, unless the request has its own
     */
    public TlsSettings tlsOver(TlsSettings inherited) {
        return tls == null ? inherited : tls;
    }

    /**
     * Sets whom this request trusts and what it shows, whatever the connector's settings are. Requests with equal settings share connections,
     * kept until the connector is closed; so use a few settings, not one for each request. Files are read at the first use, off the event
     * loops; one that cannot be used fails the request with a {@link dev.headrace.error.HeadraceException} of kind
     * {@link dev.headrace.error.FailureKind#CONFIGURATION}.
     *
     * @param tls for every origin this request meets
     * @return new options
     */
    public ExchangeOptions tls(TlsSettings tls) {
        return new ExchangeOptions(
                profile,
                timeouts,
                retry,
                decompress,
                confidential,
                documentHead,
                maxRedirects,
                Objects.requireNonNull(tls, "tls"),
                proxy);
    }

    /**
     * What this request connects through.
     *
     * @param inherited the connector's
     * @return that, unless the request has its own
     */
    public ProxySettings proxyOver(ProxySettings inherited) {
        return proxy == null ? inherited : proxy;
    }

    /**
     * Sets what this request connects through, whatever the connector's settings are. As with {@link #tls(TlsSettings)}, requests with equal
     * settings share connections.
     *
     * @param proxy {@link ProxySettings#none()} to connect directly
     * @return new options
     */
    public ExchangeOptions proxy(ProxySettings proxy) {
        return new ExchangeOptions(
                profile,
                timeouts,
                retry,
                decompress,
                confidential,
                documentHead,
                maxRedirects,
                tls,
                Objects.requireNonNull(proxy, "proxy"));
    }

    @Override
    public String toString() {
        return "ExchangeOptions[" + profile + (retry ? "" : ", no retry") + (decompress ? ", decompress" : "")
                + (confidential ? ", confidential" : "")
                + (documentHead > 0 ? ", documentHead " + documentHead : "") + "]";
    }
}
