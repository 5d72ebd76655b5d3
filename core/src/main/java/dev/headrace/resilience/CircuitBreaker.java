package dev.headrace.resilience;

import dev.headrace.http.Request;
import java.util.List;
import java.util.Optional;
import reactor.util.context.ContextView;

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

    /**
     * How the circuit of a request stands.
     *
     * @param request with its absolute target
     * @param context of the caller, for keys that look into it
     * @return empty if no request of its key has come lately
     */
    public Optional<CircuitState> state(Request request, ContextView context) {
        String key = policy.keyOf(request, context);
        return circuits.known(key).map(circuit -> circuit.state(key));
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
