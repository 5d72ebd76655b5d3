package dev.headrace.cli;

import dev.headrace.capability.Integration;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** How failures to read or look at streams are told. */
@FunctionalInterface
interface StreamFailures {

    /** What is to be told of a failure with a configuration; never fails. */
    Mono<Throwable> told(Throwable failure, JsonNode config);

    /** As they are: of a spec. */
    static StreamFailures plain(String subject) {
        return (failure, config) -> Mono.just(ofConfiguration(failure, subject));
    }

    /** As callers of the integration are told: changed by its mappers, and without the secrets of the configuration. */
    static StreamFailures of(Integration integration, String in) {
        return (failure, config) -> integration
                .errorOf(ofConfiguration(failure, integration.id()), in, config)
                .map(error -> new HeadraceException(error.kind(), error.message(), failure));
    }

    /** The command line has been read by now: what does not fit comes from source, configuration or state. */
    private static Throwable ofConfiguration(Throwable failure, String subject) {
        return failure instanceof IllegalArgumentException
                ? new HeadraceException(
                        FailureKind.CONFIGURATION, subject + " cannot be read: " + failure.getMessage(), failure)
                : failure;
    }

    /** For {@code onErrorResume}. */
    default <T> Function<Throwable, Mono<T>> with(JsonNode config) {
        return failure -> told(failure, config).flatMap(Mono::error);
    }
}
