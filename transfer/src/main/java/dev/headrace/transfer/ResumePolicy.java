package dev.headrace.transfer;

/**
 * What a download may go on with when the remote gives nothing that tells one version of the content from another for sure: no strong
 * {@code ETag}, and no {@code Last-Modified} that is old enough (RFC 9110 §8.8.2.2).
 */
public enum ResumePolicy {
    /** Starts over: bytes of two versions are never put together. The default. */
    RESTART,
    /**
     * Goes on if the length is the same and the last bytes on disk come again the same ({@link Download#overlap}). A change of the content
     * that keeps the length and those bytes goes unnoticed, so give a {@linkplain Download#expect digest} where there is one.
     */
    LENGTH_AND_OVERLAP
}
