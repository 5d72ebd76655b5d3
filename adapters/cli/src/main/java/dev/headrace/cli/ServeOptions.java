package dev.headrace.cli;

import dev.headrace.capability.Integration;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Secret;
import dev.headrace.server.CapabilityServer;
import dev.headrace.server.RunningServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an integration is served. */
final class ServeOptions {

    static final String COMMAND = "serve";

    /** How long calls may take to end when the server stops. */
    static final Duration GRACE = Duration.ofSeconds(10);

    @Option(names = "--port", paramLabel = "N", description = "0 takes any that is free. Default 8000.")
    private int port = 8000;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "The address to listen on, 0.0.0.0 for all. Default 127.0.0.1. There is no TLS: beyond this machine, put a proxy before it.")
    private String host = "127.0.0.1";

    @Option(
            names = "--token-env",
            paramLabel = "VAR",
            description =
                    "The bearer token that callers need, from this environment variable. Default: one made at random and shown.")
    private @Nullable String tokenVariable;

    @Option(names = "--unprotected", description = "Callers need no token.")
    private boolean unprotected;

    /** Refuses what cannot be meant, before anything else is looked at. */
    void check() {
        if (unprotected && tokenVariable != null) {
            throw new IllegalArgumentException("--unprotected and --token-env exclude each other; give one of them");
        }
    }

    /** Serves until somebody interrupts it, and then until calls under way have ended, or the grace has. */
    int serve(Integration integration, Shell shell) {
        check();
        CapabilityServer server = CapabilityServer.of(integration).host(host).port(port);
        boolean random = !unprotected && tokenVariable == null;
        if (unprotected) {
            server = server.unprotected();
        } else if (tokenVariable != null) {
            server = server.bearer(token(tokenVariable));
        }
        RunningServer running = shell.await(server.start());
        try {
            shell.err()
                    .println(integration.id() + ": serving at " + running.uri()
                            // Shown once and nowhere else: nobody could call it otherwise.
                            + (random ? " with the token " + running.token().reveal() : ""));
            shell.err().flush();
            awaitInterruption(shell.interruption());
            // Not by the shell: it has been interrupted.
            running.stop(GRACE).block();
        } finally {
            running.close();
        }
        return ExitCode.DONE.code();
    }

    private static Secret token(String variable) {
        try {
            return Secret.environment(variable);
        } catch (HeadraceException e) {
            // The name is not repeated: it is the secret itself when the option was misunderstood.
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "--token-env names an environment variable that is not set; export it with the token as its value",
                    e);
        }
    }

    private static void awaitInterruption(Interruption interruption) {
        CountDownLatch interrupted = new CountDownLatch(1);
        interruption.onInterrupt(interrupted::countDown);
        try {
            interrupted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
