package dev.headrace.resilience;

import java.util.List;

/**
 * The state of a {@link CircuitBreakerPolicy}: a circuit for every key. Shared by all calls that go through it: a connector owns one and
 * shares it with its children. Holds no thread and no resource; circuits that nobody has used for long are forgotten.
 */
public final class CircuitBreaker {

    private final CircuitBreakerPolicy policy;
    private final Keyed<Circuit> circuits;

    CircuitBreaker(CircuitBreakerPolicy policy) {
        this.policy = policy;
        this.circuits = new Keyed<>(() -> new Circuit(policy), Circuit::isForgettable);
    }

    /**
     * What this was made from.
     *
     * @return the policy
     */
    public CircuitBreakerPolicy policy() {
        return policy;
    }

    /**
     * How every key stands.
     *
     * @return a snapshot, in no order
     */
    public List<CircuitState> states() {
        return circuits.list((key, circuit) -> circuit.state(key));
    }

    /** The circuit of a key; to be left when done with it. */
    Keyed.Use<Circuit> circuit(String key) {
        return circuits.use(key);
    }

    @Override
    public String toString() {
        return "CircuitBreaker[" + policy + "]";
    }
}
