/**
 * Headrace in Spring Boot: {@code headrace.connectors.NAME.*} becomes a {@link dev.headrace.connector.Connector} bean for each name, with
 * health, metrics and SSL bundles; events, bytes, record streams and integrations go to browsers by WebFlux. Begin with
 * {@link dev.headrace.spring.Connectors}.
 */
@NullMarked
package dev.headrace.spring;

import org.jspecify.annotations.NullMarked;
