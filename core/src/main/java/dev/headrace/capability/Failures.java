package dev.headrace.capability;

import dev.headrace.auth.CredentialsException;
import dev.headrace.auth.TokenException;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.Secret;
import dev.headrace.http.Verdict;
import dev.headrace.resilience.BulkheadFullException;
import dev.headrace.resilience.CircuitOpenException;
import dev.headrace.resilience.RateLimitExceededException;
import dev.headrace.resilience.RetriesExhaustedException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/**
 * What callers get to see of failures: the default description first, then the mappers whose class fits, in their order. What a capability has
 * said itself, as a {@link CapabilityException}, stays as it is.
 */
final class Failures {

    private static final int NOT_IMPLEMENTED = 501;

    private static final Logger LOG = LoggerFactory.getLogger(Integration.class);

    /** A mapper, and which failures it is for. */
    record Mapping<E extends Throwable>(
            Class<E> type,
            @Nullable ErrorMapper<? super E> mapper,
            @Nullable ErrorCode code) {

        Mapping {
            Objects.requireNonNull(type, "type");
        }

        boolean fits(Throwable failure) {
            return type.isInstance(failure);
        }

        Mono<CapabilityError> map(Throwable failure, CapabilityError error) {
            Mono<CapabilityError> mapped =
                    mapper == null ? Mono.just(error) : Mono.defer(() -> mapper.map(type.cast(failure), error));
            return code == null ? mapped : mapped.map(described -> described.code(code));
        }
    }

    private final String integration;
    private final List<Mapping<?>> mappings;

    Failures(String integration, List<Mapping<?>> mappings) {
        this.integration = integration;
        this.mappings = List.copyOf(mappings);
    }

    /**
     * Describes a failure; never fails.
     *
     * @param thrown what happened
     * @param in the capability, or what else was being done
     * @param secrets what no message may hold
     */
    Mono<CapabilityError> describe(Throwable thrown, String in, Collection<Secret> secrets) {
        return Mono.defer(() -> {
            Throwable failure = Exceptions.unwrap(thrown);
            Mono<CapabilityError> error = Mono.just(byDefault(failure, in, secrets));
            if (!(failure instanceof CapabilityException)) {
                for (Mapping<?> mapping : mappings) {
                    error = mapping.fits(failure) ? error.flatMap(soFar -> mapped(mapping, failure, soFar)) : error;
                }
            }
            return error.map(described -> described.message(ErrorText.without(secrets, described.message())));
        });
    }

    private static Mono<CapabilityError> mapped(Mapping<?> mapping, Throwable failure, CapabilityError soFar) {
        return mapping.map(failure, soFar)
                .onErrorResume(mistake -> {
                    LOG.warn(
                            "A mapper of {} failed on {} with {}; what callers see stays as it was",
                            soFar.raisedIn(),
                            soFar.raisedBy(),
                            mistake.getClass().getName());
                    return Mono.empty();
                })
                .defaultIfEmpty(soFar);
    }

    private CapabilityError byDefault(Throwable failure, String in, Collection<Secret> secrets) {
        String raisedIn = integration + ":" + in;
        if (!(failure instanceof HeadraceException known)) {
            return unforeseen(failure, raisedIn);
        }
        Integer status = status(known);
        return new CapabilityError(
                // Before the message is cut: nobody recognizes half a secret.
                ErrorText.without(secrets, String.valueOf(known.getMessage())),
                status,
                codeOf(known, status).in(integration),
                simpleName(known),
                raisedIn,
                known.kind(),
                known.retryAt().orElse(null));
    }

    /** Its message is not shown, for nobody has taken the secrets out of it. */
    private CapabilityError unforeseen(Throwable failure, String raisedIn) {
        LOG.warn("{} failed with an unforeseen {}; DEBUG shows where", raisedIn, Frames.place(failure));
        if (LOG.isDebugEnabled()) {
            LOG.debug("{} failed:{}", raisedIn, Frames.all(failure));
        }
        String name = simpleName(failure);
        if (failure instanceof UnsupportedOperationException) {
            return new CapabilityError(
                    raisedIn + " is not implemented",
                    NOT_IMPLEMENTED,
                    ErrorCode.NOT_IMPLEMENTED.in(integration),
                    name,
                    raisedIn,
                    FailureKind.PERMANENT,
                    null);
        }
        if (failure instanceof TimeoutException) {
            return new CapabilityError(
                    raisedIn + " took too long; try again, or give it more time",
                    null,
                    ErrorCode.TIMEOUT.in(integration),
                    name,
                    raisedIn,
                    FailureKind.TRANSIENT,
                    null);
        }
        return new CapabilityError(
                "An unforeseen " + name + " in " + raisedIn + "; whoever runs the integration finds more in its log",
                null,
                ErrorCode.UNEXPECTED_ERROR.in(integration),
                name,
                raisedIn,
                FailureKind.PERMANENT,
                null);
    }

    private static String simpleName(Throwable failure) {
        Class<?> type = failure.getClass();
        while (type.getSimpleName().isEmpty()) {
            type = type.getSuperclass();
        }
        return type.getSimpleName();
    }

    private static @Nullable Integer status(HeadraceException failure) {
        if (failure instanceof HttpStatusException refused) {
            return refused.status();
        }
        if (failure instanceof CapabilityException said) {
            return said.status().isPresent() ? said.status().getAsInt() : null;
        }
        return failure instanceof RetriesExhaustedException && failure.getCause() instanceof HttpStatusException refused
                ? refused.status()
                : null;
    }

    private static ErrorCode codeOf(HeadraceException failure, @Nullable Integer status) {
        if (failure instanceof CapabilityException said) {
            return said.code();
        }
        if (status != null) {
            Throwable answer = failure instanceof HttpStatusException ? failure : failure.getCause();
            return answer instanceof HttpStatusException refused ? codeOf(refused) : codeOf(status);
        }
        if (failure instanceof RateLimitExceededException || failure instanceof BulkheadFullException) {
            return ErrorCode.RATE_LIMIT;
        }
        if (failure instanceof CircuitOpenException) {
            return ErrorCode.SERVICE_ERROR;
        }
        if (failure instanceof ResponseTimeoutException) {
            return ErrorCode.TIMEOUT;
        }
        boolean noToken = failure instanceof TokenException && failure.kind() == FailureKind.CONFIGURATION;
        if (noToken || failure instanceof CredentialsException) {
            return ErrorCode.UNAUTHORIZED;
        }
        return codeOf(failure.kind());
    }

    /** What the chain has made of an answer says more than its status, which may even be 200. */
    private static ErrorCode codeOf(HttpStatusException refused) {
        int status = refused.status();
        Verdict verdict = refused.verdict().orElseGet(Verdict.Accept::new);
        if (verdict instanceof Verdict.RateLimited) {
            return ErrorCode.RATE_LIMIT;
        }
        if (verdict instanceof Verdict.RenewCredentials || verdict instanceof Verdict.CredentialsRenewed) {
            return ErrorCode.UNAUTHORIZED;
        }
        if (status >= 300) {
            return codeOf(status);
        }
        return verdict instanceof Verdict.Retry ? ErrorCode.SERVICE_ERROR : codeOf(refused.kind());
    }

    private static ErrorCode codeOf(FailureKind kind) {
        return switch (kind) {
            case TRANSIENT -> ErrorCode.BAD_GATEWAY;
            case CONFIGURATION -> ErrorCode.BAD_REQUEST;
            case PERMANENT, UNTRUSTED_DATA -> ErrorCode.API_ERROR;
            case LOCAL -> ErrorCode.INTERNAL_ERROR;
        };
    }

    /** The code for the status of an answer. */
    static ErrorCode codeOf(int status) {
        return switch (status) {
            case 400, 413, 415, 422 -> ErrorCode.BAD_REQUEST;
            case 401 -> ErrorCode.UNAUTHORIZED;
            case 403 -> ErrorCode.PERMISSION_DENIED;
            case 404, 410 -> ErrorCode.NOT_FOUND;
            case 405, 406, 501 -> ErrorCode.UNSUPPORTED_OPERATION;
            case 408 -> ErrorCode.REQUEST_TIMEOUT;
            case 409 -> ErrorCode.CONFLICT;
            case 429 -> ErrorCode.RATE_LIMIT;
            case 503 -> ErrorCode.SERVICE_ERROR;
            case 500, 502, 504 -> ErrorCode.BAD_GATEWAY;
            default -> ErrorCode.API_ERROR;
        };
    }
}
