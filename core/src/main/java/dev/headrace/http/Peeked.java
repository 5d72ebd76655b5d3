package dev.headrace.http;

/** A response with the first bytes of its body known, as {@link Response#peek(int)} gives it. */
public final class Peeked {

    private final Response response;
    private final byte[] head;
    private final boolean whole;

    Peeked(Response response, byte[] head, boolean whole) {
        this.response = response;
        this.head = head;
        this.whole = whole;
    }

    /**
     * The response to go on with, in place of the one that was peeked into: its body begins with the first byte again.
     *
     * @return whoever holds it owns its body
     */
    public Response response() {
        return response;
    }

    /**
     * The first bytes of the body.
     *
     * @return at most as many as were asked for; not to be changed
     */
    public byte[] head() {
        return head;
    }

    /**
     * Whether these bytes are all of the body.
     *
     * @return false if there may be more
     */
    public boolean isWhole() {
        return whole;
    }
}
