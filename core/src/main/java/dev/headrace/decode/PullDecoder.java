package dev.headrace.decode;

import dev.headrace.http.Response;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** A decoder that runs a parser over the transport's own buffers. */
record PullDecoder<T>(Supplier<? extends PullParser<T>> parsers, Optional<String> accept, int documentHead)
        implements Decoder<T> {

    PullDecoder {
        Objects.requireNonNull(parsers, "parsers");
    }

    @Override
    public Flux<T> decode(Response response) {
        return PullFlux.of(response, parsers);
    }
}
