package dev.headrace.spring;

import dev.headrace.connector.Connector;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The connectors of an application, by name: those that {@code headrace.connectors} describes. They are there as long as the application
 * runs; when it stops, calls that are under way have {@code headrace.shutdown-grace} to end, after the web server has served its last
 * request. Immutable and safe to share.
 *
 * <p>Each of them is a bean as well: {@code @Qualifier("github") Connector}, or a parameter named {@code githubConnector}, or without either
 * if there is but one. A bean that the application itself names {@code githubConnector} takes that bean's place, not the place here.
 */
public final class Connectors implements AutoCloseable {

    private final Map<String, Connector> connectors;

    private Connectors(Map<String, Connector> connectors) {
        this.connectors = Collections.unmodifiableMap(new LinkedHashMap<>(connectors));
    }

    /**
     * Connectors of one's own making, in place of those that properties describe, say in a test. Who uses it as a bean has them closed with
     * the application.
     *
     * @param connectors by their names
     * @return the connectors, in the order of the map
     */
    public static Connectors of(Map<String, Connector> connectors) {
        return new Connectors(connectors);
    }

    /**
     * A connector.
     *
     * @param name its name among {@code headrace.connectors}
     * @return the connector
     * @throws IllegalArgumentException if there is none of that name; the message lists those there are
     */
    public Connector get(String name) {
        Connector connector = connectors.get(name);
        if (connector == null) {
            throw new IllegalArgumentException("There is no connector named '" + name + "' among headrace.connectors; "
                    + (connectors.isEmpty() ? "there are none" : "there are " + names()));
        }
        return connector;
    }

    /**
     * The names.
     *
     * @return in the order of the properties
     */
    public Set<String> names() {
        return connectors.keySet();
    }

    /**
     * All of them.
     *
     * @return by their names, not to be changed
     */
    public Map<String, Connector> all() {
        return connectors;
    }

    /** Refuses new calls, waits for those under way, and closes; all connectors at once. */
    Mono<Void> closeGracefully(Duration grace) {
        return Flux.fromIterable(connectors.values())
                .flatMapDelayError(connector -> connector.closeGracefully(grace), Math.max(1, connectors.size()), 1)
                .then();
    }

    /** Closes those that are still open, at once, whatever is under way. Spring calls this for a bean, behind all who use it. */
    @Override
    public void close() {
        connectors.values().forEach(Connector::close);
    }

    @Override
    public String toString() {
        return "Connectors" + names();
    }
}
