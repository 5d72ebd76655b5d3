package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void register() {
        Metrics.addRegistry(registry);
    }

    @AfterEach
    void unregister() {
        Metrics.removeRegistry(registry);
        registry.close();
    }

    private Set<String> uris() {
        Set<String> uris = new TreeSet<>();
        registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().equals("reactor.netty.http.server.response.time"))
                .forEach(meter -> uris.add(Objects.requireNonNull(meter.getId().getTag("uri"))));
        return uris;
    }

    @Test
    void timesRequestsByRouteAndNotByPath() {
        try (RunningServer server = Acme.started(Acme.server(Acme.integration()).metrics())) {
            HttpCaller caller = new HttpCaller(server);
            caller.post("/say-again?a=1", "{\"request\":{\"text\":\"x\"}}");
            caller.post("/acme/say_again", "{\"request\":{\"text\":\"x\"}}");
            caller.get("/one");
            caller.get("/two");

            Eventually.is(() -> uris().equals(Set.of("/say_again", "/other")));
        }
    }

    @Test
    void measuresNothingUnlessAsked() {
        try (RunningServer server = Acme.serving(Acme.integration())) {
            new HttpCaller(server).get("/info");

            assertThat(uris()).isEmpty();
        }
    }
}
