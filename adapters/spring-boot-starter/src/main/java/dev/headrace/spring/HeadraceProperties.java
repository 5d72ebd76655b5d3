package dev.headrace.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * {@code headrace}: all that is set by properties. What is not set has the library's default; a name that is not known stops the start.
 *
 * @param shutdownGrace Longest wait for calls that are under way when the application stops; what is not done then ends with an error. Not
 *     more than spring.lifecycle.timeout-per-shutdown-phase.
 * @param state Where progress is kept between runs.
 * @param sse Events sent to browsers.
 * @param connectors The remote APIs, by name; each becomes a bean of type Connector, with its name as qualifier.
 */
@ConfigurationProperties(prefix = "headrace", ignoreUnknownFields = false)
record HeadraceProperties(
        @DefaultValue("10s") Duration shutdownGrace,
        @DefaultValue State state,
        @NestedConfigurationProperty @DefaultValue SseProperties sse,
        @DefaultValue Map<String, ConnectorProperties> connectors) {

    static final PropertyPath CONNECTORS = new PropertyPath("headrace.connectors");

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("headrace");

    /** Whether a property is to be found here. */
    static boolean owns(ConfigurationPropertyName name) {
        return PREFIX.isAncestorOf(name);
    }

    /**
     * {@code headrace.state}.
     *
     * @param directory Directory of a StateStore with a file for each key; it is made by the first save. Default no store.
     */
    record State(@Nullable Path directory) {}

    /** Checks the values. */
    HeadraceProperties {
        if (shutdownGrace.isNegative()) {
            throw new PropertyException(
                    "headrace.shutdown-grace", "It must not be negative, but is " + shutdownGrace, null);
        }
    }
}
