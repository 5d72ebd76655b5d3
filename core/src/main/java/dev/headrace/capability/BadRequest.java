package dev.headrace.capability;

/** What a caller has sent makes no sense. */
final class BadRequest {

    private static final int STATUS = 400;

    private BadRequest() {}

    static CapabilityException because(String reason) {
        return CapabilityException.of(ErrorCode.BAD_REQUEST, reason).status(STATUS);
    }
}
