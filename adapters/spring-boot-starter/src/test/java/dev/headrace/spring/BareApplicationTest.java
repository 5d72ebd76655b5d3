package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.ChildJvm;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** The starter in an application that has nothing but spring-boot-starter besides. */
class BareApplicationTest {

    /** Micrometer, and all of Spring but its core and that of Spring Boot. */
    private static final Pattern OPTIONAL = Pattern.compile("micrometer-.*|context-propagation.*|spring-(web|test).*"
            + "|spring-boot-(?!4|autoconfigure-4|starter-4|starter-logging-).*");

    @TempDir
    Path directory;

    /** Asks a remote once. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        private Application() {}

        public static void main(String[] args) {
            try (ConfigurableApplicationContext context = SpringApplication.run(Application.class, args)) {
                int status = Objects.requireNonNull(context.getBean(Connector.class)
                                .exchange(Request.get("/"))
                                .block(Duration.ofSeconds(10)))
                        .status();
                System.out.println("answered " + status);
            }
        }
    }

    @Test
    void startsAndCallsAndStops() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !OPTIONAL.matcher(Path.of(entry).getFileName().toString())
                        .matches())
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(classPath).doesNotContain("micrometer", "actuator", "webflux", "spring-web");
        Path output = directory.resolve("output");
        try (TestServer server = Route.fixed(200, "text/plain", "ok").start()) {
            ProcessBuilder builder = ChildJvm.running(
                    Application.class, List.of(), "--headrace.connectors.remote.base-url=" + server.url());
            builder.command().replaceAll(part -> part.equals(System.getProperty("java.class.path")) ? classPath : part);
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }

            assertThat(Files.readString(output)).contains("answered 200").doesNotContain(" WARN ", " ERROR ");
            assertThat(process.exitValue()).isZero();
        }
    }
}
