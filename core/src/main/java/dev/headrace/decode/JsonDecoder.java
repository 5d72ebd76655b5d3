package dev.headrace.decode;

import dev.headrace.http.Response;
import dev.headrace.json.Codec;
import dev.headrace.json.JsonSchema;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** A decoder of items that are JSON, each read by a codec and held against schemas before. */
record JsonDecoder<T>(
        Function<ItemReader<T>, PullParser<T>> parsers,
        Codec<T> codec,
        List<ItemCheck> checks,
        Optional<String> accept,
        int documentHead)
        implements Decoder<T> {

    @Override
    public Flux<T> decode(Response response) {
        return PullFlux.of(
                response.body(),
                ByteWindow::append,
                () -> parsers.apply(
                        new ItemReader<>(codec, checks, response.request().describe())));
    }

    @Override
    public Decoder<T> validated(JsonSchema schema, OnInvalid onInvalid) {
        List<ItemCheck> more = Stream.concat(checks.stream(), Stream.of(new ItemCheck(schema, onInvalid)))
                .toList();
        return new JsonDecoder<>(parsers, codec, more, accept, documentHead);
    }
}
