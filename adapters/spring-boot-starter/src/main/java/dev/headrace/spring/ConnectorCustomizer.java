package dev.headrace.spring;

import dev.headrace.connector.Connector;

/**
 * The last word on a connector that properties describe: for what has no property, such as interceptors, hooks, rules and named endpoints.
 *
 * <p>Beans of this type are asked in their {@linkplain org.springframework.core.annotation.Order order}, once for each connector, after its
 * properties have been applied and before it is built. They are called while the application starts and must not send anything.
 */
@FunctionalInterface
public interface ConnectorCustomizer {

    /**
     * Changes a connector that is about to be built.
     *
     * @param name its name among {@code headrace.connectors}
     * @param builder what has been set so far; what is set here wins
     */
    void customize(String name, Connector.Builder builder);
}
