package dev.headrace.observe;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Interceptor;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Micrometer observations of calls and attempts: timers, traces and whatever else the registry's handlers make of them.
 *
 * <p>A call is {@code headrace.call}; each of its attempts is a child, {@code headrace.attempt}. (Not {@code http.client.requests}: meters of
 * one name need one set of tags, and other clients have theirs.) Both end with the body of the response, when it has been read, broken or
 * given up. All tags are bounded, and all are always there:
 *
 * <ul>
 *   <li>{@code method}: of RFC 9110 and {@code PATCH}; {@code OTHER} for the rest
 *   <li>{@code template}: the request's {@linkplain dev.headrace.http.Request#template() template}, never the URI; {@code none} if it was
 *       made from a URI. Give ids as variables of the template, or each becomes a tag of its own
 *   <li>{@code connector}: the {@linkplain #named name} given
 *   <li>{@code status}: the code; {@code none} if no response came
 *   <li>{@code outcome}: {@code SUCCESS}, {@code REDIRECTION}, {@code CLIENT_ERROR}, {@code SERVER_ERROR}; {@code REJECTED} for a success
 *       status that a rule took for a failure; {@code FAILED} if no response came or its body broke; {@code CANCELLED} if nobody wanted it
 *       any more
 *   <li>{@code exception}: the simple name of the failure's class, or {@code none}
 *   <li>{@code attempt}, of attempts only: {@code first} or {@code retry}
 * </ul>
 *
 * <p>The redacted URI is there for traces, as {@code uri} of high cardinality. A cancelled observation has the event {@code cancelled}, one
 * whose body was given up {@code given up}.
 *
 * <p>The parent of a call comes from the Reactor {@code Context}, under {@code micrometer.observation} as Micrometer's own bridges put it
 * there, and the current observation is put there for what is below; no {@code ThreadLocal} is set, no scope is opened. What a tracing
 * bridge injects becomes headers of the attempt, in place of headers of the same name.
 *
 * <p>Needs {@code io.micrometer:micrometer-observation}; without it a {@link HeadraceException} of kind {@link FailureKind#CONFIGURATION}
 * says so.
 */
public final class Observations {

    private final @Nullable ObservationRegistry registry;
    private final String name;

    private Observations(@Nullable ObservationRegistry registry, String name) {
        this.registry = registry;
        this.name = name;
    }

    /**
     * Observations in a registry, whether there is a parent or not.
     *
     * @param registry the registry
     * @return the observations
     */
    // Whoever has a registry reads Micrometer's module; the others need not.
    @SuppressWarnings("exports")
    public static Observations in(ObservationRegistry registry) {
        return new Observations(Objects.requireNonNull(registry, "registry"), "none");
    }

    /**
     * Observations in the registry of the parent that is found in the Reactor context; where there is none, nothing is observed.
     *
     * @return the observations
     * @throws HeadraceException if Micrometer is not there
     */
    public static Observations inContext() {
        try {
            Class.forName("io.micrometer.observation.ObservationRegistry", false, Observations.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "Observations need io.micrometer:micrometer-observation, which is not there; add it to the dependencies",
                    e);
        }
        return new Observations(null, "none");
    }

    /**
     * Names what is called, for the tag {@code connector}.
     *
     * @param name one of few: a host, or what the API is called; default {@code none}
     * @return new observations
     * @throws IllegalArgumentException if the name is blank
     */
    public Observations named(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank, but is '" + name + "'");
        }
        return new Observations(registry, name);
    }

    /**
     * Observes calls; belongs outside retry.
     *
     * @return the interceptor
     */
    public Interceptor perCall() {
        return new ObservationInterceptor(registry, name, false);
    }

    /**
     * Observes attempts and injects trace headers; belongs inside retry, admission and document head.
     *
     * @return the interceptor
     */
    public Interceptor perAttempt() {
        return new ObservationInterceptor(registry, name, true);
    }
}
