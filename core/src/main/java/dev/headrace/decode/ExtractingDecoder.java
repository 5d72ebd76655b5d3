package dev.headrace.decode;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Response;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import dev.headrace.json.PointerSet;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** Looks up values of items that are no JSON when they come, or whose bytes nobody sees: in what Jackson writes of them. */
record ExtractingDecoder<T>(Decoder<T> decoder, PointerSet places) implements Decoder<Extracted<T>> {

    static <T> Decoder<Extracted<T>> of(Decoder<T> decoder, List<Pointer> places) {
        return new ExtractingDecoder<>(decoder, PointerSet.of(places));
    }

    @Override
    public Flux<Extracted<T>> decode(Response response) {
        return decoder.decode(response).map(this::extracted);
    }

    @Override
    public Flux<Extracted<T>> decode(Response response, Captured captured) {
        return decoder.decode(response, captured).map(this::extracted);
    }

    private Extracted<T> extracted(T item) {
        byte[] json = json(item);
        return new Extracted<>(
                item,
                Texts.of(places.textsIn(json, 0, json.length)),
                Fingerprint.of(Fingerprint.EMPTY, json, 0, json.length));
    }

    private static byte[] json(Object item) {
        Object shown = item;
        while (shown instanceof Extracted<?> extracted) {
            shown = extracted.value();
        }
        try {
            return Json.write(shown);
        } catch (IllegalArgumentException e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "No values can be looked up in items that cannot be written as JSON, such as "
                            + shown.getClass().getName(),
                    e);
        }
    }

    @Override
    public void check(Captures captures) {
        decoder.check(captures);
    }

    @Override
    public Decoder<Extracted<T>> optional() {
        return new ExtractingDecoder<>(decoder.optional(), places);
    }

    @Override
    public Optional<String> accept() {
        return decoder.accept();
    }

    @Override
    public int documentHead() {
        return decoder.documentHead();
    }

    @Override
    public Decoder<Extracted<T>> eager() {
        return new ExtractingDecoder<>(decoder.eager(), places);
    }

    @Override
    public Decoder<Extracted<T>> validated(JsonSchema schema, OnInvalid onInvalid) {
        return new ExtractingDecoder<>(decoder.validated(schema, onInvalid), places);
    }

    @Override
    public String toString() {
        return decoder.toString();
    }
}
