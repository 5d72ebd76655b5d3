package dev.headrace.spring;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Closes the connectors when the application context closes: after the web server has served its last request, before beans are destroyed.
 */
final class ConnectorsShutdown implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectorsShutdown.class);

    /** Below the web server's graceful shutdown (1024) and its stop (2048): phases stop from the highest down. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 3072;

    private final Connectors connectors;
    private final Duration grace;
    private final ConfigurableApplicationContext context;
    private volatile boolean running;

    ConnectorsShutdown(Connectors connectors, Duration grace, ConfigurableApplicationContext context) {
        this.connectors = connectors;
        this.grace = grace;
        this.context = context;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        // A context that is only stopped may be started again, and closed connectors could not.
        if (!context.isClosed()) {
            callback.run();
            return;
        }
        connectors
                .closeGracefully(grace)
                .doFinally(signal -> callback.run())
                .subscribe(nothing -> {}, failure -> LOG.warn("A connector did not close", failure));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
