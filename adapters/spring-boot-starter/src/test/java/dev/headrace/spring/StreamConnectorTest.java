package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamRecord;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import tools.jackson.databind.node.JsonNodeFactory;

/** Which of several connectors a returned stream is read with. */
class StreamConnectorTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Pages.class)
    static class Application {

        @Bean
        @Qualifier("github")
        Connector githubConnector() {
            return Connector.builder("http://github.invalid").build();
        }

        @Bean
        Connector gitlab() {
            return Connector.builder("http://gitlab.invalid").build();
        }
    }

    /** Says which connector it was read with. */
    private static Numbers telling() {
        return new Numbers((connector, state) -> Flux.just(new StreamRecord<>(
                "numbers", JsonNodeFactory.instance.objectNode().put("by", connector.toString()), Slice.EMPTY)));
    }

    @RestController
    static class Pages {

        @GetMapping("/by-qualifier")
        @Qualifier("github")
        Numbers byQualifier() {
            return telling();
        }

        @GetMapping("/by-name")
        @Qualifier("gitlab")
        Numbers byName() {
            return telling();
        }

        @GetMapping("/unknown")
        @Qualifier("bitbucket")
        Numbers unknown() {
            return telling();
        }

        @GetMapping("/any")
        Numbers any() {
            return telling();
        }

        @ExceptionHandler
        String explained(IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @SuppressWarnings("NullAway.Init")
    private static RunningApplication application;

    @BeforeAll
    static void start() {
        application = RunningApplication.of(Application.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void isTheOneThatTheMethodNames() {
        assertThat(application.get("/by-qualifier").body()).contains("github.invalid");
        assertThat(application.get("/by-name").body()).contains("gitlab.invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/unknown", "/any"})
    void isAskedForWhereItIsNotClear(String path) {
        HttpResponse<String> response = application.get(path);

        assertThat(response.body()).contains(path.substring(1) + "()", "Connector", "[githubConnector, gitlab]");
    }
}
