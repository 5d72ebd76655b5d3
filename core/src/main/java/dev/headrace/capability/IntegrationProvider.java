package dev.headrace.capability;

/**
 * Gives an integration to programs that find it on the class path: a service of {@link java.util.ServiceLoader}, named in
 * {@code META-INF/services/dev.headrace.capability.IntegrationProvider}.
 */
@FunctionalInterface
public interface IntegrationProvider {

    /**
     * Makes the integration.
     *
     * @return the integration
     */
    Integration integration();
}
