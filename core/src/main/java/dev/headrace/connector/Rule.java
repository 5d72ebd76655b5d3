package dev.headrace.connector;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Other settings for some requests. Its limits and breakers are made once, when its connector is built, and stay when a child is made by
 * {@link Connector#mutate()}, although the child may have other credentials around them.
 */
final class Rule {

    private final String name;
    private final RequestMatcher matcher;
    private final Overrides overrides;
    private final @Nullable Settings state;

    private Rule(String name, RequestMatcher matcher, Overrides overrides, @Nullable Settings state) {
        this.name = name;
        this.matcher = matcher;
        this.overrides = overrides;
        this.state = state;
    }

    static Rule of(String name, RequestMatcher matcher, Overrides overrides) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A rule needs a name, by which it is listed and removed");
        }
        return new Rule(name, Objects.requireNonNull(matcher, "matcher"), overrides, null);
    }

    /** This rule with its state in place, within a connector of these settings. */
    Rule within(Settings connector) {
        Settings mine = new Settings(connector);
        // Else every generation of variants would keep those before it alive.
        mine.rules.clear();
        overrides.applyTo(mine);
        if (state != null) {
            mine.adoptState(state);
        }
        mine.completeState();
        return new Rule(name, matcher, overrides, mine);
    }

    String name() {
        return name;
    }

    RequestMatcher matcher() {
        return matcher;
    }

    Overrides overrides() {
        return overrides;
    }

    Settings settings() {
        return Objects.requireNonNull(state, "not within a connector yet");
    }
}
