package dev.headrace.http;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;

/** A response whose body is still to come, and ends when the test says so. */
public final class HeldResponse {

    private final BodyEnding ending = BodyEnding.open();
    private final Response response;

    public HeldResponse(Request request, int status, Headers headers) {
        response = new Response(
                request, status, headers, Flux.<ByteBuf>never(), () -> end(BodyEnd.How.GIVEN_UP), ending, null);
    }

    public Response response() {
        return response;
    }

    public void end(BodyEnd.How how) {
        ending.ended(new BodyEnd(how, 0, how == BodyEnd.How.FAILED ? new IllegalStateException("broken") : null));
    }
}
