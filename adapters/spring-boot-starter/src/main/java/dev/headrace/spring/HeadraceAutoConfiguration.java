package dev.headrace.spring;

import dev.headrace.connector.Connector;
import dev.headrace.state.StateStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Connectors from properties, and where progress is kept. */
@AutoConfiguration(after = SslAutoConfiguration.class)
@EnableConfigurationProperties(HeadraceProperties.class)
@Import(ConnectorRegistrar.class)
final class HeadraceAutoConfiguration {

    @Bean
    static TextToSecret headraceTextToSecret() {
        return new TextToSecret();
    }

    @Bean
    static NumberToSecret headraceNumberToSecret() {
        return new NumberToSecret();
    }

    @Bean
    @ConditionalOnMissingBean(StateStore.class)
    @ConditionalOnProperty("headrace.state.directory")
    StateStore headraceStateStore(HeadraceProperties properties) {
        return StateStore.file(new PropertyPath("headrace.state")
                .required("directory", properties.state().directory()));
    }

    @Bean
    @ConditionalOnMissingBean
    Connectors headraceConnectors(
            HeadraceProperties properties,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<StateStore> stores,
            ObjectProvider<ConnectorCustomizer> customizers) {
        ConnectorAssembly assembly = new ConnectorAssembly(
                bundles.getIfAvailable(),
                new RefreshTokens(stores::getIfAvailable),
                customizers.orderedStream().toList());
        Map<String, Connector> connectors = new LinkedHashMap<>();
        try {
            properties
                    .connectors()
                    .forEach((name, connector) -> connectors.put(name, assembly.connector(name, connector)));
        } catch (RuntimeException e) {
            connectors.values().forEach(Connector::close);
            throw e;
        }
        return Connectors.of(connectors);
    }

    /** For the connectors that are made here; those of a parent are closed with it. */
    @Bean
    @ConditionalOnBean(value = Connectors.class, search = SearchStrategy.CURRENT)
    ConnectorsShutdown headraceShutdown(
            Connectors connectors, HeadraceProperties properties, ConfigurableApplicationContext context) {
        return new ConnectorsShutdown(connectors, properties.shutdownGrace(), context);
    }
}
