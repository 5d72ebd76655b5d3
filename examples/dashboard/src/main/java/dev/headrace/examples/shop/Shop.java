package dev.headrace.examples.shop;

import dev.headrace.sse.EventCounters;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Reads customers from an API behind OAuth 2.0 and hands prices on to browsers. Its properties are in {@code shop.yaml}, since
 * {@code application.yaml} is the dashboard's.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class Shop {

    /** Spring makes it. */
    public Shop() {}

    /**
     * Runs until it is killed.
     *
     * @param args properties, {@code --spring.config.name=shop} among them
     */
    public static void main(String[] args) {
        SpringApplication.run(Shop.class, args);
    }

    /** Meters {@code headrace.events*} with the tag {@code stream=prices}. */
    @Bean
    EventCounters prices() {
        return EventCounters.create();
    }
}
