package dev.headrace.server;

import dev.headrace.capability.CapabilityError;
import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.Envelope;
import dev.headrace.capability.ErrorCode;
import dev.headrace.error.FailureKind;
import dev.headrace.json.Json;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;

/**
 * Gives answers a body that Reactor Netty makes by itself and without one: to what is no HTTP, to lines and heads that are too long, and to
 * paths that are no paths.
 */
@ChannelHandler.Sharable
final class MalformedRequests extends ChannelOutboundHandlerAdapter {

    private static final int FIRST_OF_FAILURES = 400;
    private static final int FIRST_OF_OURS = 500;

    private final String integration;

    MalformedRequests(String integration) {
        this.integration = integration;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is the caller's
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof HttpResponse response) || !isBare(response)) {
            context.write(message, promise);
            return;
        }
        HttpResponseStatus status = response.status();
        ReferenceCountUtil.release(message);
        String body = Json.writeText(envelope(status.code()).json());
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.getBytes(StandardCharsets.UTF_8).length);
        context.write(head);
        Mono<?> bytes = ByteBufMono.fromString(Mono.just(body));
        bytes.subscribe(part -> context.write(part));
        context.write(LastHttpContent.EMPTY_LAST_CONTENT, promise);
    }

    /** What this server answers itself has a type; a 404 or 500 without one is a mistake somewhere below. */
    private static boolean isBare(HttpResponse response) {
        return response instanceof LastHttpContent
                && response.status().code() >= FIRST_OF_FAILURES
                && !response.headers().contains(HttpHeaderNames.CONTENT_TYPE);
    }

    private Envelope<Object> envelope(int status) {
        ErrorCode code = status < FIRST_OF_OURS ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL_ERROR;
        String message = switch (status) {
            case 408 -> "The request has not come in time; send it again";
            case 414 -> "The request's first line is too long; put what is long into the body";
            case 431 -> "The request's head is too large; send fewer or shorter headers";
            default ->
                status < FIRST_OF_OURS
                        ? "The request is no proper HTTP; nothing of it was done"
                        : "The server could not answer; whoever runs it finds more in its log";
        };
        return Envelope.failed(new CapabilityError(
                message,
                status,
                code.in(integration),
                CapabilityException.class.getSimpleName(),
                integration + ":server",
                FailureKind.PERMANENT,
                null));
    }
}
