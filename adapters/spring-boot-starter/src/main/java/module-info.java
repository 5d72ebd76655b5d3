/** Connectors from properties of Spring Boot, with its health, metrics and SSL bundles; bridges to WebFlux. */
module dev.headrace.spring {
    requires transitive dev.headrace.core;
    requires transitive dev.headrace.sse;
    requires org.slf4j;
    requires spring.beans;
    requires spring.boot;
    requires spring.boot.autoconfigure;
    requires spring.context;
    requires transitive spring.core;
    requires static micrometer.core;
    requires static micrometer.observation;
    requires static spring.boot.actuator;
    requires static spring.boot.health;
    requires static spring.boot.http.codec;
    requires static spring.boot.micrometer.metrics;
    requires static spring.boot.micrometer.observation;
    requires static spring.boot.webflux;
    requires static transitive spring.web;
    requires static transitive spring.webflux;
    requires static transitive org.jspecify;

    exports dev.headrace.spring;

    // Spring makes configurations, properties and beans by reflection.
    opens dev.headrace.spring to
            spring.beans,
            spring.boot,
            spring.context,
            spring.core;
}
