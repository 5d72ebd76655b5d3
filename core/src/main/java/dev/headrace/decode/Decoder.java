package dev.headrace.decode;

import dev.headrace.Defaults;
import dev.headrace.http.Response;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * From a response's body to items.
 *
 * <p>A decoder is immutable and shared; each response gets a parser of its own. Its items come on the thread that delivers the bytes, or
 * on the one that requests. The ready-made ones parse on demand, hold no items, ask the connection for the next chunk only when the
 * bytes at hand are used up and items are still wanted, and keep no memory while they wait between items. Items that were complete
 * before an error are emitted before it. Cancelling cancels the body and gives all memory back.
 *
 * @param <T> the type of the items
 */
@FunctionalInterface
public interface Decoder<T> {

    /**
     * The items of a response. Nothing is read before they are asked for.
     *
     * @param response a response whose body has not been read; reading it becomes this publisher's business
     * @return the items, once; errors with {@link DecodingException} if the body is not what it should be, and with whatever
     *     {@link Response#body()} errors with
     */
    Flux<T> decode(Response response);

    /**
     * The items of a response, of which some values are captured on the way. Nothing is read before they are asked for.
     *
     * @param response as for {@link #decode(Response)}
     * @param captured filled while the body streams by; one for each response
     * @return as {@link #decode(Response)}; errors with {@link ItemsChangedException} if the body was to go on from another and does not begin
     *     with the same items
     */
    default Flux<T> decode(Response response, Captured captured) {
        return decode(response);
    }

    /**
     * Refuses what this decoder cannot capture.
     *
     * @param captures what is wanted
     * @throws IllegalArgumentException if this decoder does not see such values; by default for all but {@link Captures#none()}
     */
    default void check(Captures captures) {
        if (!captures.equals(Captures.none())) {
            throw new IllegalArgumentException(this + " captures nothing of a body, neither " + captures.values()
                    + " nor the last item; decode JSON, or choose a pagination by headers or numbers");
        }
    }

    /**
     * The same decoder for documents that may lack the place of the items, as some APIs leave an empty list out. Such a document then has no
     * items instead of being an error.
     *
     * @return a decoder that does not mind
     * @throws IllegalArgumentException if this decoder's items have no place
     */
    default Decoder<T> optional() {
        throw new IllegalArgumentException("The items of " + this + " have no place that could be missing");
    }

    /**
     * What to ask the remote for.
     *
     * @return the media type for the {@code Accept} header (RFC 9110 §12.5.1); empty to say nothing
     */
    default Optional<String> accept() {
        return Optional.empty();
    }

    /**
     * How much of the body is read before the response is handed on, so that a break within it is a failed attempt that can be retried,
     * and a document of that size is known to be complete before its first item.
     *
     * @return bytes; 0 (the default) for streams, which may be live and must start with their first byte
     */
    default int documentHead() {
        return 0;
    }

    /**
     * The same decoder as a stream from the first byte: {@link #documentHead()} is 0. Items come earlier, and a body that breaks is no
     * longer retried.
     *
     * @return a decoder that does not wait
     */
    default Decoder<T> eager() {
        return documentHead() == 0 ? this : new EagerDecoder<>(this);
    }

    /**
     * The same decoder with every item held against a schema before the codec reads it. The item is parsed once more for that, on the
     * thread that delivers it.
     *
     * @param schema what an item must fit
     * @param onInvalid what becomes of one that does not; what is left out was parsed and counts among the items before
     * @return a decoder that checks, after whatever checks this one makes
     * @throws IllegalArgumentException if this decoder's items are no JSON
     */
    default Decoder<T> validated(JsonSchema schema, OnInvalid onInvalid) {
        throw new IllegalArgumentException("Only items of JSON can be held against a schema, not those of " + this);
    }

    /**
     * A decoder for a format of one's own.
     *
     * @param parsers makes the parser of one body; asked at each subscription
     * @param <T> the type of the items
     * @return a decoder that accepts anything and does not wait for the document's head
     */
    static <T> Decoder<T> pulling(Supplier<? extends PullParser<T>> parsers) {
        return new PullDecoder<>(parsers, Optional.empty(), 0);
    }

    /**
     * Runs a parser over bytes that come from elsewhere: a file, a socket, a test.
     *
     * @param bytes the chunks, cut anywhere; each is copied before {@code onNext} returns, and its position stays
     * @param parsers makes the parser of one subscription
     * @param <T> the type of the items
     * @return the items, parsed on demand
     */
    static <T> Flux<T> parse(Publisher<ByteBuffer> bytes, Supplier<? extends PullParser<T>> parsers) {
        return PullFlux.of(bytes, ByteWindow::append, parsers);
    }

    /**
     * The items of a JSON document, found by their place and read one by one. An array at that place gives its elements, any other value
     * a single item, {@code null} none. The document must be complete and well-formed to its last byte, or the stream errors.
     *
     * <p>Accepts {@code application/json}; UTF-8 (RFC 8259). One item may have up to 8 MiB, brackets may be nested 500 deep; the
     * document may have any length. Documents are read up to 1 MiB before the first item; see {@link #eager()}.
     *
     * @param pointer where the items are (RFC 6901): {@code ""} for the document itself, {@code "/data/items"} for one deeper
     * @param codec reads each item
     * @param <T> the type of the items
     * @return the decoder
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    static <T> Decoder<T> items(String pointer, Codec<T> codec) {
        return items(pointer, codec, Defaults.RECORD_LIMIT);
    }

    /**
     * The items of a JSON document, with another limit for the size of one; as {@link #items(String, Codec)} in everything else.
     *
     * @param pointer where the items are (RFC 6901)
     * @param codec reads each item
     * @param itemLimit most bytes of one item, and of one key or value on the way to them; about so much memory a stream may take
     * @param <T> the type of the items
     * @return the decoder
     * @throws IllegalArgumentException if that is no JSON pointer, or the limit is not positive
     */
    static <T> Decoder<T> items(String pointer, Codec<T> codec, int itemLimit) {
        requirePositive(itemLimit);
        return RecordDecoder.of(new JsonLayout(Pointer.of(pointer), false, itemLimit), codec);
    }

    /**
     * One item on each line. Blank lines count for nothing; the last line needs no line feed but must be complete.
     *
     * <p>Accepts {@code application/x-ndjson}; UTF-8. One line may have up to 8 MiB. Items come as their lines do.
     *
     * @param codec reads each line
     * @param <T> the type of the items
     * @return the decoder
     */
    static <T> Decoder<T> ndjson(Codec<T> codec) {
        return ndjson(codec, Defaults.RECORD_LIMIT);
    }

    /**
     * One item on each line, with another limit for the size of one; as {@link #ndjson(Codec)} in everything else.
     *
     * @param codec reads each line
     * @param itemLimit most bytes of one line; about so much memory a stream may take
     * @param <T> the type of the items
     * @return the decoder
     * @throws IllegalArgumentException if the limit is not positive
     */
    static <T> Decoder<T> ndjson(Codec<T> codec, int itemLimit) {
        requirePositive(itemLimit);
        return RecordDecoder.of(new LineLayout(itemLimit), codec);
    }

    private static void requirePositive(int itemLimit) {
        if (itemLimit <= 0) {
            throw new IllegalArgumentException("itemLimit must be positive, not " + itemLimit);
        }
    }
}
