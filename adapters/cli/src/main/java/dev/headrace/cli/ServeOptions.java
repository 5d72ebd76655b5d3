package dev.headrace.cli;

import dev.headrace.capability.Integration;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Secret;
import dev.headrace.server.CapabilityServer;
import dev.headrace.server.RunningServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an integration is served. */
final class ServeOptions {

    static final String COMMAND = "serve";

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

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long calls under way may take to end when it is interrupted, 0s for none. Default 8s: docker stop kills after 10 s.")
    private Duration grace = Duration.ofSeconds(8);

    /** Refuses what cannot be meant, before anything else is looked at. */
    void check() {
        if (unprotected && tokenVariable != null) {
            throw new IllegalArgumentException("--unprotected and --token-env exclude each other; give one of them");
        }
    }

    /** Serves until somebody interrupts it, and then until calls under way have ended, or the grace has. */
    int serve(Integration integration, Shell shell) {
        check();
        shell.interruption().allow(grace);
        CapabilityServer server = CapabilityServer.of(integration).host(host).port(port);
        boolean random = !unprotected && tokenVariable == null;
        if (unprotected) {
            server = server.unprotected();
        } else if (tokenVariable != null) {
            server = server.bearer(token(tokenVariable));
        }
        RunningServer running = shell.await(server.start());
        try {
            if (unprotected && !isLoopback()) {
                shell.tell(integration.id() + ": warning: with --unprotected on " + host
                        + " whoever reaches the port may use it; leave --unprotected out, or listen on 127.0.0.1");
            }
            shell.err()
                    .println(integration.id() + ": serving at " + running.uri()
                            // Shown once and nowhere else: nobody could call it otherwise.
                            + (random ? " with the token " + running.token().reveal() : ""));
            shell.err().flush();
            awaitInterruption(shell.interruption());
            // Not by the shell: it has been interrupted.
            running.stop(grace).block();
        } finally {
            running.close();
        }
        return ExitCode.DONE.code();
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // The server listens there all the same.
            return false;
        }
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
