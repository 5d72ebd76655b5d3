package dev.headrace.spring;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Contexts that the tests begin with. */
final class Contexts {

    private Contexts() {}

    /** Nothing but the core of the starter. */
    static ApplicationContextRunner core() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HeadraceAutoConfiguration.class));
    }

    /** With one connector, named github. */
    static ApplicationContextRunner github(String baseUrl, String... properties) {
        ApplicationContextRunner runner = core().withPropertyValues("headrace.connectors.github.base-url=" + baseUrl);
        for (String property : properties) {
            runner = runner.withPropertyValues("headrace.connectors.github." + property);
        }
        return runner;
    }
}
