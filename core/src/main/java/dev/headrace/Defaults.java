package dev.headrace;

import java.time.Duration;
import java.util.Set;

/**
 * Every default in one place. A setting that is not given has the value written here; each policy's Javadoc repeats its own.
 */
public final class Defaults {

    /** Longest time to open a connection, TLS handshake included. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** Longest wait from the request sent to the response head. */
    public static final Duration HEAD_TIMEOUT = Duration.ofSeconds(30);
    /** Longest silence within a response body while a read is outstanding; event streams have none. */
    public static final Duration GAP_TIMEOUT = Duration.ofSeconds(30);
    /** Longest time for a whole call, retries included; zero is no limit. */
    public static final Duration TOTAL_TIMEOUT = Duration.ZERO;

    /** Retries after the first attempt. */
    public static final int MAX_RETRIES = 3;
    /** Wait before the first retry. */
    public static final Duration RETRY_DELAY = Duration.ofMillis(500);
    /** Growth of the wait from one retry to the next. */
    public static final double RETRY_MULTIPLIER = 2.0;
    /** Share of a wait that chance decides. */
    public static final double RETRY_JITTER = 0.5;
    /** Longest wait of our own between two attempts. */
    public static final Duration RETRY_MAX_DELAY = Duration.ofSeconds(30);
    /** Statuses that may pass by themselves. */
    public static final Set<Integer> RETRY_STATUSES = Set.of(408, 413, 425, 429, 500, 502, 503, 504, 521, 522, 524);
    /** Methods whose requests may be sent twice, the idempotent ones (RFC 9110 §9.2.2). */
    public static final Set<String> RETRY_METHODS = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE");
    /** Longest wait a server may ask for; a longer one fails at once and says until when. */
    public static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(2);
    /** Share of recent calls that may be retried. */
    public static final double RETRY_BUDGET_SHARE = 0.1;
    /** Retries that are allowed beyond that share. */
    public static final int RETRY_BUDGET_FLOOR = 10;

    /** Longest wait for a permit of a rate limit or a bulkhead; both are off until set. */
    public static final Duration PERMIT_TIMEOUT = Duration.ofSeconds(30);
    /** Callers that may wait for a place in a bulkhead. */
    public static final int BULKHEAD_QUEUED = 500;
    /** Calls that try a circuit that is half open. */
    public static final int HALF_OPEN_TRIALS = 1;

    /** Connections of the pool to one origin. */
    public static final int POOL_CONNECTIONS = 50;
    /** Calls that may wait for a connection. */
    public static final int POOL_PENDING = 500;
    /** Longest wait for a connection. */
    public static final Duration POOL_ACQUIRE_TIMEOUT = Duration.ofSeconds(10);
    /** Idle time after which a pooled connection is closed. */
    public static final Duration POOL_IDLE = Duration.ofSeconds(30);
    /** Age at which a pooled connection is closed. */
    public static final Duration POOL_LIFETIME = Duration.ofMinutes(5);

    /** Header of an API key that is given without one. */
    public static final String API_KEY_HEADER = "X-API-Key";
    /** Life of an access token whose server does not say. */
    public static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
    /** How long before its end an access token is renewed; never more than a quarter of its life. */
    public static final Duration TOKEN_RENEW_BEFORE = Duration.ofSeconds(30);
    /** Longest time for one request for an access token, and for handing on a new refresh token. */
    public static final Duration TOKEN_TIMEOUT = Duration.ofSeconds(30);
    /** Tenants whose access tokens are kept. */
    public static final int TOKEN_TENANTS = 1_000;

    /** Redirects followed for one request, GET and HEAD only. */
    public static final int MAX_REDIRECTS = 5;

    /** Pages requested ahead of the reader. */
    public static final int PREFETCH_PAGES = 0;
    /** Empty pages in a row after which a stream fails. */
    public static final int MAX_EMPTY_PAGES = 10;
    /** Pages after which a stream fails. */
    public static final int MAX_PAGES = 100_000;

    /** Slices read at once. */
    public static final int SLICE_CONCURRENCY = 1;
    /** Slices of a stream whose progress is kept one by one. */
    public static final int SLICE_STATES = 10_000;
    /** Records of a slice that are known again by what they hold. */
    public static final int RECENT_RECORDS = 1_000;
    /** Requests of a batch in flight at once. */
    public static final int BATCH_CONCURRENCY = 5;
    /** Items sent at once. */
    public static final int SEND_CONCURRENCY = 10;

    /** Wait before the first reconnection of an event stream. */
    public static final Duration RECONNECT_DELAY = Duration.ofSeconds(1);
    /** Growth of the wait from one reconnection to the next. */
    public static final double RECONNECT_MULTIPLIER = 2.0;
    /** Share of a reconnection's wait that chance decides. */
    public static final double RECONNECT_JITTER = 0.5;
    /** Longest wait of our own between two connections. */
    public static final Duration RECONNECT_MAX_DELAY = Duration.ofSeconds(30);
    /** Time an event stream must have been healthy for its count of attempts to start anew. */
    public static final Duration RECONNECT_RESET_AFTER = Duration.ofSeconds(60);
    /** Events that {@code dropOldest} keeps for a slow consumer. */
    public static final int DROP_OLDEST_BUFFER = 500;
    /** Events handed to a handler at once. */
    public static final int CONSUME_CHUNK = 50;
    /** Longest time a chunk of events waits for more. */
    public static final Duration CONSUME_MAX_WAIT = Duration.ofSeconds(1);

    /** Elements after which the progress of a stream is saved. */
    public static final int COMMIT_ELEMENTS = 100;
    /** Time after which the progress of a stream is saved, whether or not more comes. */
    public static final Duration COMMIT_AFTER = Duration.ofSeconds(1);
    /** Share of the time that saves by count may take. */
    public static final double COMMIT_SHARE = 0.1;

    /** Bytes of a chunk of a byte stream. */
    public static final int CHUNK_SIZE = 64 * 1024;

    /** Bytes of an error's body that are kept. */
    public static final int ERROR_BODY_LIMIT = 64 * 1024;
    /** Bytes of a body that rules look into. */
    public static final int RULE_BODY_LIMIT = 64 * 1024;
    /** Bytes of one record. */
    public static final int RECORD_LIMIT = 8 * 1024 * 1024;
    /** Bytes of one event. */
    public static final int EVENT_LIMIT = 8 * 1024 * 1024;
    /** Depth of nested JSON. */
    public static final int JSON_DEPTH_LIMIT = 500;
    /** How many times larger than its bytes on the wire a decompressed body may be. */
    public static final int DECOMPRESSION_RATIO_LIMIT = 100;
    /** Bytes of a document that are read before its first record is emitted, so that a retry covers them. */
    public static final int DOCUMENT_HEAD = 1024 * 1024;

    /** Port that an integration is served at. */
    public static final int SERVER_PORT = 8000;
    /** Bytes of the body of a request to an integration. */
    public static final int SERVER_BODY_LIMIT = 1024 * 1024;
    /** Bytes of the head of a request to an integration. */
    public static final int SERVER_HEAD_LIMIT = 16 * 1024;
    /** Calls of an integration that are served at once. */
    public static final int SERVER_CONCURRENCY = 1_000;
    /** Longest time for the body of a request to an integration to arrive. */
    public static final Duration SERVER_REQUEST_TIMEOUT = Duration.ofSeconds(30);
    /** Longest time for a capability to answer. */
    public static final Duration SERVER_CALL_TIMEOUT = Duration.ofMinutes(1);
    /** Idle time after which a caller's connection is closed. */
    public static final Duration SERVER_IDLE = Duration.ofMinutes(1);
    /** Longest time for a caller to take what was written for it. */
    public static final Duration SERVER_STALL_TIMEOUT = Duration.ofMinutes(5);

    private Defaults() {}
}
