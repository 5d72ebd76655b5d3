package dev.headrace.spring;

import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Applications that really run, on a free port. */
final class Apps {

    private Apps() {}

    static ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return builder(application).run(arguments(properties));
    }

    static SpringApplicationBuilder builder(Class<?> application) {
        return new SpringApplicationBuilder(application)
                .bannerMode(Banner.Mode.OFF)
                .web(WebApplicationType.REACTIVE);
    }

    static String[] arguments(String... properties) {
        return Stream.concat(Stream.of("server.port=0", "server.address=127.0.0.1"), Stream.of(properties))
                .map(property -> "--" + property)
                .toArray(String[]::new);
    }

    static WebTestClient client(ConfigurableApplicationContext application) {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port"))
                .responseTimeout(Duration.ofSeconds(20))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(16 * 1024 * 1024))
                .build();
    }
}
