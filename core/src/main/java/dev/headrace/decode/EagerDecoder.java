package dev.headrace.decode;

import dev.headrace.http.Response;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** A decoder that does not wait for a document's head. */
record EagerDecoder<T>(Decoder<T> decoder) implements Decoder<T> {

    @Override
    public Flux<T> decode(Response response) {
        return decoder.decode(response);
    }

    @Override
    public Flux<T> decode(Response response, Captured captured) {
        return decoder.decode(response, captured);
    }

    @Override
    public void check(Captures captures) {
        decoder.check(captures);
    }

    @Override
    public Decoder<T> optional() {
        return new EagerDecoder<>(decoder.optional());
    }

    @Override
    public Optional<String> accept() {
        return decoder.accept();
    }

    @Override
    public Decoder<T> validated(JsonSchema schema, OnInvalid onInvalid) {
        return new EagerDecoder<>(decoder.validated(schema, onInvalid));
    }

    @Override
    public Decoder<Extracted<T>> extracting(List<Pointer> places) {
        return new EagerDecoder<>(decoder.extracting(places));
    }

    @Override
    public String toString() {
        return decoder.toString();
    }
}
