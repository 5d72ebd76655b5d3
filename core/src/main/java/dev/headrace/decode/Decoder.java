package dev.headrace.decode;

import dev.headrace.Defaults;
import dev.headrace.http.Response;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import dev.headrace.json.TypeRef;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

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
     * The same decoder, with values of each item looked up where the item's bytes are at hand: the JSON text at some places, digit for digit,
     * and a fingerprint of the bytes. For what has to be known of items whatever type they are read as, such as cursors and keys.
     *
     * <p>Items of JSON are looked into as they came, without a tree, once their codec has read them; white space around an item is no part
     * of it. Items of other formats, and of decoders of one's own, are looked into as Jackson writes them, and their fingerprint is that of
     * the text it writes; one that it cannot write ends the stream with a failure of kind
     * {@link dev.headrace.error.FailureKind#CONFIGURATION}.
     *
     * @param places where in an item the values are (RFC 6901); {@link Pointer#ROOT} is the item
     * @return a decoder of items with as many texts as there are places
     */
    default Decoder<Extracted<T>> extracting(List<Pointer> places) {
        return ExtractingDecoder.of(this, places);
    }

    /**
     * A decoder for a format of one's own.
     *
     * @param parsers makes the parser of one body; asked at each subscription
     * @param <T> the type of the items
     * @return a decoder that accepts anything and does not wait for the document's head
     */
    static <T> Decoder<T> pulling(Supplier<? extends PullParser<T>> parsers) {
        Objects.requireNonNull(parsers, "parsers");
        return new PullDecoder<>("a decoder of one's own", captured -> parsers.get(), Optional.empty(), 0);
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
        requirePositive("itemLimit", itemLimit);
    }

    /**
     * The JSON document as one item, whatever it is: an array is one item too, {@code null} is none. It must be complete and well-formed to
     * its last byte, with nothing behind it, or the stream errors and emits nothing.
     *
     * <p>Accepts {@code application/json}; UTF-8 (RFC 8259), with or without a byte order mark. The document may have up to 8 MiB and is held
     * as a whole; brackets may be nested 500 deep. Up to 1 MiB of it is read before the response is handed on; see {@link #eager()}.
     *
     * @param codec reads the document
     * @param <T> the type of the item
     * @return the decoder
     */
    static <T> Decoder<T> single(Codec<T> codec) {
        return single(codec, Defaults.RECORD_LIMIT);
    }

    /**
     * The JSON document as one item, with another limit for its size; as {@link #single(Codec)} in everything else.
     *
     * @param codec reads the document
     * @param documentLimit most bytes of the document, without white space around it; about so much memory a stream may take
     * @param <T> the type of the item
     * @return the decoder
     * @throws IllegalArgumentException if the limit is not positive
     */
    static <T> Decoder<T> single(Codec<T> codec, int documentLimit) {
        requirePositive("documentLimit", documentLimit);
        return RecordDecoder.of(new SingleLayout(documentLimit), codec);
    }

    /**
     * JSON text sequences (RFC 7464): a record separator (0x1E) before each text, a line feed behind it. Several separators in a row count as
     * one. A text that was cut short is an error with its place, never left out; so is a number, {@code true}, {@code false} or {@code null}
     * without white space behind it (§2.4), as nobody knows whether it is whole.
     *
     * <p>Accepts {@code application/json-seq}; UTF-8 without a byte order mark. One text may have up to 8 MiB, brackets may be nested 500
     * deep. Items come as soon as their texts are complete.
     *
     * @param codec reads each text
     * @param <T> the type of the items
     * @return the decoder
     */
    static <T> Decoder<T> jsonSequence(Codec<T> codec) {
        return jsonSequence(codec, Defaults.RECORD_LIMIT);
    }

    /**
     * JSON text sequences, with another limit for the size of a text; as {@link #jsonSequence(Codec)} in everything else.
     *
     * @param codec reads each text
     * @param itemLimit most bytes of one text; about so much memory a stream may take
     * @param <T> the type of the items
     * @return the decoder
     * @throws IllegalArgumentException if the limit is not positive
     */
    static <T> Decoder<T> jsonSequence(Codec<T> codec, int itemLimit) {
        requirePositive(itemLimit);
        return RecordDecoder.of(new SequenceLayout(itemLimit), codec);
    }

    /**
     * Rows of CSV as trees: objects whose properties are the columns, all of them text. As {@link #csv(CsvFormat, Class)} in everything else.
     *
     * @param format how the document is written
     * @return the decoder
     * @throws dev.headrace.error.HeadraceException of kind {@link dev.headrace.error.FailureKind#CONFIGURATION} if the library is missing
     */
    static Decoder<JsonNode> csv(CsvFormat format) {
        return csv(format, JsonNode.class);
    }

    /**
     * Rows of CSV (RFC 4180), each bound to a class or record by the names of its columns. Rows come as soon as they are complete; the memory
     * is that of one row.
     *
     * <p>Columns the type does not have are ignored. Numbers are bound digit for digit: {@link java.math.BigDecimal} keeps them all, and a
     * {@code long} takes none it cannot hold exactly. An empty field is the empty text for a {@link String}, null for other objects such as
     * {@link Long} or {@link java.time.LocalDate}, and an error for a primitive.
     *
     * <p>An error with its place are: a row with more or fewer fields than there are columns (see {@link CsvFormat#allowShortRows()}), quotes
     * that do not end or stand where RFC 4180 has none, a carriage return without line feed outside of quotes, bytes that are no text in the
     * charset, and a first row without a name for each column, or with one twice. Messages count rows from 1, that of the names included and
     * blank lines not. The last row needs no line break, so CSV alone cannot tell whether its last field is whole.
     *
     * <p>Accepts {@code text/csv}; a byte order mark before UTF-8 is no part of it. The document may have any length and may be live, so its
     * head is not waited for. Needs {@code tools.jackson.dataformat:jackson-dataformat-csv}, version 3, on the class path, which Headrace does
     * not bring along (or its module {@code tools.jackson.dataformat.csv}, required by one's own).
     *
     * @param format how the document is written
     * @param type what to make of each row
     * @param <T> the type of the items
     * @return the decoder
     * @throws IllegalArgumentException if Jackson cannot make sense of the type
     * @throws dev.headrace.error.HeadraceException of kind {@link dev.headrace.error.FailureKind#CONFIGURATION} if the library is missing
     */
    static <T> Decoder<T> csv(CsvFormat format, Class<T> type) {
        Codec.of(type); // refuses what Jackson cannot make
        return format.decoder(type);
    }

    /**
     * Rows of CSV, each bound to a type with arguments such as {@code Map<String, String>}, whose keys are the columns; as
     * {@link #csv(CsvFormat, Class)} in everything else.
     *
     * @param format how the document is written
     * @param type what to make of each row
     * @param <T> the type of the items
     * @return the decoder
     * @throws IllegalArgumentException if Jackson cannot make sense of the type
     * @throws dev.headrace.error.HeadraceException of kind {@link dev.headrace.error.FailureKind#CONFIGURATION} if the library is missing
     */
    static <T> Decoder<T> csv(CsvFormat format, TypeRef<T> type) {
        Codec.of(type); // refuses what Jackson cannot make
        return format.decoder(type.type());
    }

    /**
     * Lines of UTF-8 text; as {@link #lines(Charset, int)} in everything else, with lines of at most 8 MiB.
     *
     * @return the decoder
     */
    static Decoder<String> lines() {
        return lines(StandardCharsets.UTF_8);
    }

    /**
     * Lines of text; as {@link #lines(Charset, int)} in everything else, with lines of at most 8 MiB.
     *
     * @param charset a charset that extends ASCII
     * @return the decoder
     * @throws IllegalArgumentException if the charset does not extend ASCII
     */
    static Decoder<String> lines(Charset charset) {
        return lines(charset, Defaults.RECORD_LIMIT);
    }

    /**
     * Lines of text. They end with LF or CR LF, which are no part of them. The last line needs neither; an empty rest behind the last line
     * feed is no line, but empty lines before it are. Bytes that are no text in the charset are a {@link DecodingException} with their
     * place.
     *
     * <p>Accepts {@code text/plain}; a byte order mark before UTF-8 is no part of the first line. Lines come as they are complete. A body that
     * was cut within its last line cannot be told from one that ends there, except by the transport.
     *
     * @param charset a charset that extends ASCII, so that lines can be told before they are decoded: UTF-8, ISO-8859-1, windows-1252 and
     *     many others, but not UTF-16
     * @param lineLimit most bytes of one line, without its end; about so much memory a stream may take
     * @return the decoder
     * @throws IllegalArgumentException if the charset does not extend ASCII, or the limit is not positive
     */
    static Decoder<String> lines(Charset charset, int lineLimit) {
        requirePositive("lineLimit", lineLimit);
        TextCodec text = TextCodec.cutAtAscii(charset);
        return new PullDecoder<>(
                "lines of text", captured -> new LinesParser(text, lineLimit, captured), Optional.of("text/plain"), 0);
    }

    /**
     * All of a body of UTF-8 as one text; as {@link #text(Charset, int)} in everything else, with at most 8 MiB.
     *
     * @return the decoder
     */
    static Decoder<String> text() {
        return text(StandardCharsets.UTF_8, Defaults.RECORD_LIMIT);
    }

    /**
     * All of a body as one text, at its end; an empty body is an empty text. Bytes that are no text in the charset are a
     * {@link DecodingException} with their place. A byte order mark is no part of the text.
     *
     * <p>Accepts {@code text/plain}. Up to 1 MiB is read before the response is handed on; see {@link #eager()}.
     *
     * @param charset any charset; what the response says of it is not looked at
     * @param limit most bytes of the body; about so much memory a stream may take
     * @return the decoder
     * @throws IllegalArgumentException if the limit is not positive
     */
    static Decoder<String> text(Charset charset, int limit) {
        requirePositive("limit", limit);
        TextCodec text = new TextCodec(charset);
        return new PullDecoder<>(
                "a text", captured -> new TextParser(text, limit), Optional.of("text/plain"), Defaults.DOCUMENT_HEAD);
    }

    /**
     * The bytes as they come, chunk by chunk; none is empty. Where they are cut means nothing. The buffers are read-only, lie on the heap and
     * are the reader's to keep.
     *
     * @return a decoder that accepts anything and does not wait for the document's head
     */
    static Decoder<ByteBuffer> bytes() {
        return new ChunkDecoder();
    }

    private static void requirePositive(String setting, int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException(setting + " must be positive, not " + limit);
        }
    }
}
