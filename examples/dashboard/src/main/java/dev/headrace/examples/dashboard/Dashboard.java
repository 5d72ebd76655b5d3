package dev.headrace.examples.dashboard;

import dev.headrace.sse.EventCounters;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MapPropertySource;

/**
 * The program: a live feed in the browser, and downloads beside it.
 *
 * <p>{@code ./mvnw -q -pl examples/dashboard -am compile exec:java} shows what a server of its own plays, at {@code http://127.0.0.1:8080}.
 * {@code -Dexec.args='--dashboard.feed=https://stream.wikimedia.org/v2/stream/recentchange'} shows another feed, and
 * {@code --dashboard.files[0]=https://example.com/disk.iso} loads other files.
 */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(DashboardProperties.class)
public class Dashboard {

    private static final String FEED = "dashboard.feed";

    /** Spring makes it. */
    public Dashboard() {}

    /**
     * Runs until it is killed.
     *
     * @param args properties, such as {@code --server.port=9000}
     */
    public static void main(String[] args) {
        application().run(args);
    }

    /** A bean, so that Actuator shows it: meters {@code headrace.events*} with the tag {@code stream=feed}. */
    @Bean
    EventCounters feed() {
        return EventCounters.create();
    }

    static SpringApplication application(Class<?>... more) {
        SpringApplication application = new SpringApplication(Dashboard.class);
        application.addPrimarySources(List.of(more));
        application.addInitializers(Dashboard::chooseFeed);
        return application;
    }

    /** Connectors are made from properties, so the origin of the feed becomes one; where no feed is named, the demo is started. */
    private static void chooseFeed(ConfigurableApplicationContext context) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        URI feed = context.getEnvironment().getProperty(FEED, URI.class);
        if (feed == null) {
            DemoSite demo = DemoSite.start();
            context.getBeanFactory().registerSingleton("demoSite", demo);
            context.addApplicationListener(new DemoEnd(demo));
            feed = demo.feed();
            defaults.put(FEED, feed);
            for (int i = 0; i < demo.files().size(); i++) {
                defaults.put("dashboard.files[" + i + "]", demo.files().get(i));
            }
        }
        defaults.put("headrace.connectors.feed.base-url", feed.resolve("/").toString());
        // Names of files come with their own origins, to which nothing secret goes.
        defaults.put("headrace.connectors.files.base-url", feed.resolve("/").toString());
        context.getEnvironment().getPropertySources().addLast(new MapPropertySource("dashboard", defaults));
    }
}
