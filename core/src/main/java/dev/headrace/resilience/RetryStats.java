package dev.headrace.resilience;

/**
 * What a retry policy has done since its interceptor was made.
 *
 * @param calls calls that came, sent again or not
 * @param retries attempts beyond each call's first; requests sent once more with renewed credentials are none
 * @param refused retries that the budget refused
 */
public record RetryStats(long calls, long retries, long refused) {}
