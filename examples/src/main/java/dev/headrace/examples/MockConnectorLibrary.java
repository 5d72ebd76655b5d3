package dev.headrace.examples;

import dev.headrace.capability.Integration;
import dev.headrace.connector.Connector;

/** The first of the three ways: the integration as a library. */
public final class MockConnectorLibrary {

    private MockConnectorLibrary() {}

    /**
     * Prints what a capability answers.
     *
     * @param args its name, and the document it is called with
     */
    public static void main(String[] args) {
        try (MockDirectory directory = MockDirectory.start();
                Connector connector = Connector.builder(directory.url()).build()) {
            Integration integration = MockConnector.integration(connector);
            System.out.println(integration.dispatch(args[0], args[1]).block());
        }
    }
}
