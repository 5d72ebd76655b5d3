package dev.headrace.examples.dashboard;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The program. */
@SpringBootApplication
public class Dashboard {

    /**
     * Starts it.
     *
     * @param args properties, such as {@code --server.port=8080}
     */
    public static void main(String[] args) {
        SpringApplication.run(Dashboard.class, args);
    }
}
