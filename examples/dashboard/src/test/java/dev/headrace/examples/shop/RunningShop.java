package dev.headrace.examples.shop;

import dev.headrace.test.TestServer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The shop on a free port, with all of its remotes at one address. */
record RunningShop(ConfigurableApplicationContext context) implements AutoCloseable {

    static RunningShop start(TestServer remotes, String... more) {
        String[] all = Stream.concat(
                        Stream.of(
                                "--spring.config.name=shop",
                                "--server.port=0",
                                "--headrace.connectors.crm.base-url=" + remotes.url(),
                                "--headrace.connectors.crm.auth.oauth2.token-url=" + remotes.uri("/token"),
                                "--headrace.connectors.crm.auth.oauth2.client-secret=s3cr3t",
                                "--headrace.connectors.exchange.base-url=" + remotes.url()),
                        Arrays.stream(more))
                .toArray(String[]::new);
        return new RunningShop(SpringApplication.run(Shop.class, all));
    }

    String url() {
        return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    @Override
    public void close() {
        context.close();
    }
}
