package dev.headrace.spring;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Keeps credentials out of what Actuator shows, whatever {@code show-values} says. */
@AutoConfiguration(after = HeadraceAutoConfiguration.class)
@ConditionalOnClass(SanitizingFunction.class)
@ConditionalOnBean(HeadraceProperties.class)
final class HeadraceActuatorAutoConfiguration {

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnMissingBean(name = "headraceSanitizingFunction")
    SanitizingFunction headraceSanitizingFunction(HeadraceProperties properties) {
        SecretProperties secrets = SecretProperties.of(properties);
        return data -> {
            Object value = data.getValue();
            return value != null && secrets.hide(data.getKey(), value) ? data.withSanitizedValue() : data;
        };
    }
}
