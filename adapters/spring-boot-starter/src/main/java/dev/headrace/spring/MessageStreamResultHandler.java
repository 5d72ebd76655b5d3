package dev.headrace.spring;

import dev.headrace.connector.Connector;
import dev.headrace.sse.SseEvent;
import dev.headrace.stream.Message;
import dev.headrace.stream.MessageStream;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.reactive.result.HandlerResultHandlerSupport;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Answers with the messages of a stream that a controller's method returns, a {@link MessageStream} or a {@code Mono} of one. It is read with
 * the connector that a {@link Qualifier} on the method names, or with the only one there is:
 *
 * <pre>{@code
 * @GetMapping("/issues")
 * @Qualifier("github")
 * RecordStream<Issue> issues() {
 *     return issues;
 * }
 * }</pre>
 *
 * <p>What the caller accepts decides: {@code application/x-ndjson}, the default, is {@link Message#json()} on a line each;
 * {@code text/event-stream} is {@link MessageEvents}, and an {@code end} when all has been read; {@code application/json} is an array of the
 * records' data. A failure before the first message is that of the method; one behind it breaks the connection off. A caller that goes
 * cancels the reading.
 */
final class MessageStreamResultHandler extends HandlerResultHandlerSupport implements HandlerResultHandler {

    private static final List<MediaType> TYPES =
            List.of(MediaType.APPLICATION_NDJSON, MediaType.TEXT_EVENT_STREAM, MediaType.APPLICATION_JSON);

    private final ListableBeanFactory beans;
    private final SseEventWriter events;
    private final StateIds ids;

    MessageStreamResultHandler(
            RequestedContentTypeResolver types,
            ReactiveAdapterRegistry adapters,
            ListableBeanFactory beans,
            SseEventWriter events,
            StateIds ids) {
        super(types, adapters);
        this.beans = beans;
        this.events = events;
        this.ids = ids;
        // Before that of @ResponseBody, which is at 100 and would write the stream as a JSON object.
        setOrder(0);
    }

    @Override
    public boolean supports(HandlerResult result) {
        ResolvableType type = result.getReturnType();
        ReactiveAdapter adapter = getAdapter(result);
        boolean one = adapter != null && !adapter.isMultiValue() && !adapter.isNoValue();
        return MessageStream.class.isAssignableFrom((one ? type.getGeneric() : type).toClass());
    }

    @Override
    public Mono<Void> handleResult(ServerWebExchange exchange, HandlerResult result) {
        Object value = result.getReturnValue();
        ReactiveAdapter adapter = getAdapter(result);
        Mono<?> stream = adapter == null ? Mono.justOrEmpty(value) : Mono.from(adapter.toPublisher(value));
        return stream.cast(MessageStream.class)
                .flatMap(
                        one -> write(one, connector(result.getReturnTypeSource().getMethod()), exchange));
    }

    private Mono<Void> write(MessageStream<?> stream, Connector connector, ServerWebExchange exchange) {
        MediaType type = selectMediaType(exchange, () -> TYPES);
        ServerHttpResponse response = exchange.getResponse();
        if (MediaType.APPLICATION_NDJSON.equalsTypeAndSubtype(type)) {
            return JsonLines.write(read(stream, connector, null).map(Message::json), response);
        }
        if (MediaType.TEXT_EVENT_STREAM.equalsTypeAndSubtype(type)) {
            String lastId = Objects.requireNonNullElse(
                    exchange.getRequest().getHeaders().getFirst("Last-Event-ID"), "");
            return events.write(events(stream, connector, lastId), response);
        }
        if (MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type)) {
            return JsonLines.writeArray(data(read(stream, connector, null)), response);
        }
        return Mono.error(new NotAcceptableStatusException(TYPES));
    }

    /** Without its type, which nothing here depends on. */
    private static Flux<Message<?>> read(MessageStream<?> stream, Connector connector, @Nullable JsonNode state) {
        return Flux.defer(() -> Flux.<Message<?>>from(stream.read(connector, state)));
    }

    private Flux<SseEvent> events(MessageStream<?> stream, Connector connector, String lastId) {
        return Flux.defer(() -> {
            MessageEvents named = new MessageEvents(stream.name(), ids, lastId);
            return read(stream, connector, lastId.isEmpty() ? null : ids.state(stream.name(), lastId))
                    .map(named::event)
                    .concatWith(Mono.fromSupplier(named::end));
        });
    }

    private static Flux<Object> data(Flux<Message<?>> messages) {
        return messages.handle((message, sink) -> {
            JsonNode data = message.json().get("data");
            if (data != null) {
                sink.next(data);
            }
        });
    }

    private Connector connector(@Nullable Method method) {
        Qualifier named = method == null ? null : AnnotatedElementUtils.findMergedAnnotation(method, Qualifier.class);
        if (named != null && !named.value().isEmpty()) {
            try {
                return BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, Connector.class, named.value());
            } catch (BeansException e) {
                throw new IllegalStateException(
                        "The stream that " + method + " returns cannot be read with a Connector '" + named.value()
                                + "': there" + " are " + List.of(beans.getBeanNamesForType(Connector.class)),
                        e);
            }
        }
        Connector only = beans.getBeanProvider(Connector.class).getIfUnique();
        if (only == null) {
            throw new IllegalStateException("The stream that " + method + " returns needs a Connector; say which by a"
                    + " @Qualifier on the method, there are " + List.of(beans.getBeanNamesForType(Connector.class)));
        }
        return only;
    }
}
