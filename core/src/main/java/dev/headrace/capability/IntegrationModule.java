package dev.headrace.capability;

/** Capabilities, error mappers and whatever else several integrations have in common. */
@FunctionalInterface
public interface IntegrationModule {

    /**
     * Adds what it has. Called once, when the integration is made and everything else has been said; a capability that the integration has
     * already stays as it is.
     *
     * @param integration the integration that is being made
     */
    void addTo(Integration.Builder integration);
}
