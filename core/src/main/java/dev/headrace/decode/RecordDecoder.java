package dev.headrace.decode;

import dev.headrace.http.Response;
import dev.headrace.json.Codec;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import dev.headrace.json.PointerSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** A decoder of records of JSON, each read by a codec and held against schemas before. */
record RecordDecoder<T>(RecordLayout layout, Codec<T> codec, List<ItemCheck> checks) implements Decoder<T> {

    static <T> RecordDecoder<T> of(RecordLayout layout, Codec<T> codec) {
        return new RecordDecoder<>(layout, Objects.requireNonNull(codec, "codec"), List.of());
    }

    @Override
    public Flux<T> decode(Response response) {
        return Flux.defer(() -> decode(response, Captured.from(Captures.none())));
    }

    @Override
    public Flux<T> decode(Response response, Captured captured) {
        return PullFlux.of(
                response,
                () -> layout.parser(
                        new ItemReader<>(codec, checks, response.request().describe()), captured));
    }

    @Override
    public void check(Captures captures) {
        layout.check(captures);
    }

    @Override
    public Decoder<T> optional() {
        return new RecordDecoder<>(layout.optional(), codec, checks);
    }

    @Override
    public Optional<String> accept() {
        return Optional.of(layout.mediaType());
    }

    @Override
    public int documentHead() {
        return layout.documentHead();
    }

    @Override
    public Decoder<T> validated(JsonSchema schema, OnInvalid onInvalid) {
        List<ItemCheck> more = Stream.concat(checks.stream(), Stream.of(new ItemCheck(schema, onInvalid)))
                .toList();
        return new RecordDecoder<>(layout, codec, more);
    }

    @Override
    public Decoder<Extracted<T>> extracting(List<Pointer> places) {
        return new RecordDecoder<>(layout, new ExtractingCodec<>(codec, PointerSet.of(places)), checks);
    }

    @Override
    public String toString() {
        return layout.toString();
    }
}
