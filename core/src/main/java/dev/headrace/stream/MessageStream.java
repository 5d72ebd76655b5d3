package dev.headrace.stream;

import dev.headrace.connector.Connector;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A named stream that is read as messages: what a {@link Source} is made of. {@link RecordStream} is the usual one; implement it for what is
 * no paginated API.
 *
 * @param <T> the type of the records
 */
public interface MessageStream<T> {

    /**
     * The stream's name, unique in its source.
     *
     * @return the name, such as {@code issues}
     */
    String name();

    /**
     * What there is to know before reading.
     *
     * @return the description; making it reads nothing from the remote, unless a schema has to be asked for
     */
    Mono<StreamDescription> describe();

    /**
     * Reads the stream.
     *
     * <p>Nothing is sent before the first message is asked for; cancelling stops all that is under way. Everything before a checkpoint has
     * been emitted before it.
     *
     * @param connector the remote
     * @param state what a checkpoint of an earlier reading carried; null to begin anew
     * @return records, checkpoints and notices; the last message of a completed reading is a checkpoint
     */
    Flux<Message<T>> read(Connector connector, @Nullable JsonNode state);

    /**
     * Reads the first record to see whether the stream can be read.
     *
     * @param connector the remote
     * @return the answer; errors with what reading errored with, unless that has a known reason
     */
    Mono<Availability> check(Connector connector);
}
