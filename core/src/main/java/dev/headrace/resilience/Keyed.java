package dev.headrace.resilience;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One state for each key, made when the key is first seen and forgotten when nobody uses it and it has nothing to remember: a million
 * tenants that each came once leave nothing behind. Old ones are looked for when the number of keys has doubled since the last time, so
 * that costs each call the same little bit.
 */
final class Keyed<S> {

    private static final int FEW = 1_000;

    /** A state in use; to be left when done with it. */
    static final class Use<S> {

        private final S state;
        private final AtomicInteger users = new AtomicInteger();

        private Use(S state) {
            this.state = state;
        }

        S state() {
            return state;
        }

        void leave() {
            users.decrementAndGet();
        }
    }

    private final ConcurrentHashMap<String, Use<S>> states = new ConcurrentHashMap<>();
    private final Supplier<S> fresh;
    private final Predicate<? super S> hasNothingToRemember;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile int sweepAt = FEW;
    // Made once, for there is a use for every attempt.
    private final BiFunction<String, @Nullable Use<S>, Use<S>> entering;

    Keyed(Supplier<S> fresh, Predicate<? super S> hasNothingToRemember) {
        this.fresh = fresh;
        this.hasNothingToRemember = hasNothingToRemember;
        this.entering = this::entered;
    }

    Use<S> use(String key) {
        // Within compute, so that a sweep either sees the user or has taken the state away before.
        Use<S> use = Objects.requireNonNull(states.compute(key, entering));
        if (states.mappingCount() > sweepAt) {
            sweep();
        }
        return use;
    }

    private Use<S> entered(String key, @Nullable Use<S> known) {
        Use<S> use = known == null ? new Use<>(fresh.get()) : known;
        use.users.incrementAndGet();
        return use;
    }

    /** The state of a key as it stands, without using it. */
    Optional<S> known(String key) {
        return Optional.ofNullable(states.get(key)).map(Use::state);
    }

    private void sweep() {
        if (!sweeping.compareAndSet(false, true)) {
            return;
        }
        try {
            for (String key : states.keySet()) {
                states.computeIfPresent(
                        key, (same, use) -> use.users.get() == 0 && hasNothingToRemember.test(use.state) ? null : use);
            }
            sweepAt = (int) Math.max(FEW, Math.min(Integer.MAX_VALUE, 2 * states.mappingCount()));
        } finally {
            sweeping.set(false);
        }
    }

    <R> List<R> list(BiFunction<String, S, R> view) {
        return states.entrySet().stream()
                .map(entry -> view.apply(entry.getKey(), entry.getValue().state))
                .toList();
    }
}
