package dev.headrace.spring;

import dev.headrace.sse.EventCounters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Gauges and counters of how connectors stand, and of what event streams have brought. */
@AutoConfiguration(
        after = HeadraceAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({MeterRegistry.class, MeterBinder.class})
@ConditionalOnBean({MeterRegistry.class, Connectors.class})
final class HeadraceMetricsAutoConfiguration {

    @Bean
    ConnectorMeters headraceMeters(Connectors connectors) {
        return new ConnectorMeters(connectors);
    }

    @Bean
    EventMeters headraceEventMeters(ListableBeanFactory beans) {
        return new EventMeters(beans.getBeansOfType(EventCounters.class, false, false));
    }
}
