package dev.headrace.auth;

import dev.headrace.error.HeadraceException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * One access token, and never more than one renewal of it at a time.
 *
 * <p>Everything is in one atomic reference, which holds either a token (or none) or the renewal under way. Whoever needs a token looks
 * there. A fresh token is used. A renewal under way is waited for. Otherwise the caller puts a renewal in by compare-and-set: the one that
 * succeeds starts it, the others find it on their next look. So a hundred callers cause one request, and nothing is locked while it runs.
 *
 * <p>A renewal belongs to nobody. It is subscribed to here, not by the caller that caused it, and in an empty Reactor context: that
 * caller's trace and tenant are not the others', and its cancel must not end the renewal. Not even when all callers have left: a refresh
 * token that can be used once would be used up, and its successor lost with the answer. (Operators that share a source, such as
 * {@code cacheInvalidateIf}, cancel it with their last subscriber.)
 *
 * <p>When it lands, first the reference changes, then the waiters are told, so that whatever they do next finds the new state. A failure is
 * told to those who wait and not kept: the next caller tries again.
 *
 * <p>Renewal begins a little before the old token's end, and callers wait for it although the old one would still do: many servers end an
 * access token when they give out its successor, so using it meanwhile would earn refusals. But it stays at hand as the fallback. When the
 * token server fails in a way that may pass, it has given out nothing, and calls go on with the old token while that lives.
 *
 * <p>A refused token is {@linkplain #invalidate invalidated} by identity: if somebody has renewed it meanwhile, nothing is thrown away.
 */
final class TokenCache {

    private static final Logger LOG = LoggerFactory.getLogger(TokenCache.class);

    private static final AtomicReferenceFieldUpdater<TokenCache, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(TokenCache.class, State.class, "state");

    private sealed interface State {
        /** The token that can be used for want of a better one. */
        @Nullable
        Token token();

        State with(@Nullable Token token);
    }

    private record Resting(@Nullable Token token) implements State {
        @Override
        public State with(@Nullable Token token) {
            return new Resting(token);
        }
    }

    private record Renewing(
            Sinks.One<Token> outcome, @Nullable Token token) implements State {
        @Override
        public State with(@Nullable Token token) {
            return new Renewing(outcome, token);
        }
    }

    private volatile State state;

    TokenCache(@Nullable Token initial) {
        this.state = new Resting(initial);
    }

    /**
     * A token that can be used now.
     *
     * @param renewal gets a new one; subscribed to only if it is needed and nobody else's is under way
     * @return the token; cancelling leaves a renewal to itself
     */
    Mono<Token> get(Mono<Token> renewal) {
        return Mono.defer(() -> {
            while (true) {
                State seen = state;
                if (seen instanceof Renewing renewing) {
                    return renewing.outcome().asMono();
                }
                Token held = seen.token();
                if (held != null && held.isFresh()) {
                    return Mono.just(held);
                }
                Sinks.One<Token> outcome = Sinks.one();
                if (STATE.compareAndSet(this, seen, new Renewing(outcome, held))) {
                    start(renewal, outcome);
                    return outcome.asMono();
                }
            }
        });
    }

    private void start(Mono<Token> renewal, Sinks.One<Token> outcome) {
        renewal.contextWrite(callers -> Context.empty())
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("A renewal gave no token")))
                .subscribe(
                        token -> {
                            state = new Resting(token);
                            outcome.tryEmitValue(token);
                        },
                        failure -> failed(failure, outcome));
    }

    private void failed(Throwable failure, Sinks.One<Token> outcome) {
        boolean passing = failure instanceof HeadraceException known && known.isTransient();
        // The old token may be refused at this very moment; then it is no fallback.
        Token left = STATE.updateAndGet(this, seen -> {
                    Token old = seen.token();
                    return new Resting(passing && old != null && old.isAlive() ? old : null);
                })
                .token();
        if (left == null) {
            outcome.tryEmitError(failure);
        } else {
            LOG.warn("The access token is used to its end, for it was not renewed: {}", failure.getMessage());
            outcome.tryEmitValue(left);
        }
    }

    /** Forgets a token that was refused, unless it has been renewed already. */
    void invalidate(Token refused) {
        STATE.updateAndGet(this, seen -> seen.token() == refused ? seen.with(null) : seen);
    }

    /** The token at hand if it need not be renewed. */
    @Nullable
    Token fresh() {
        State seen = state;
        Token held = seen.token();
        return seen instanceof Resting && held != null && held.isFresh() ? held : null;
    }

    boolean isRenewing() {
        return state instanceof Renewing;
    }
}
