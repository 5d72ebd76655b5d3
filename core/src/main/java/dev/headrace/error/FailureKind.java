package dev.headrace.error;

/** What a caller can do about a failure. Retry and every adapter decide by kind, in one line. */
public enum FailureKind {
    /** The same request may succeed later: a reset connection, a timeout, a 503. */
    TRANSIENT,
    /** The user must change something first: refused credentials, a wrong address, an untrusted certificate. */
    CONFIGURATION,
    /** The remote refused for good; sending the same again will not help. */
    PERMANENT,
    /** What came cannot be believed: a truncated document, a repeated page, a digest that does not match. */
    UNTRUSTED_DATA,
    /** This machine failed: no disk space, no permission, no free connection. */
    LOCAL
}
