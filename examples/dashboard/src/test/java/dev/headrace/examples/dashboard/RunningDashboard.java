package dev.headrace.examples.dashboard;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;

/** The program, on a free port. */
record RunningDashboard(ConfigurableApplicationContext context) implements AutoCloseable {

    static RunningDashboard start(Path directory, String... args) {
        return start(directory, List.of(), args);
    }

    static RunningDashboard start(Path directory, List<Class<?>> more, String... args) {
        String[] all = Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--dashboard.directory=" + directory,
                                "--logging.level.org.openqa.selenium=error"),
                        Arrays.stream(args))
                .toArray(String[]::new);
        return new RunningDashboard(
                Dashboard.application(more.toArray(Class<?>[]::new)).run(all));
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
