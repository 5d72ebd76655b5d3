package dev.headrace.cli;

import dev.headrace.connector.Health;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How a remote is. */
@Command(
        name = "check",
        description =
                "Asks once, within 5 s, how a remote is, and writes one JSON object; ends with 0 if it is usable.",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class CheckCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final RequestOptions target = new RequestOptions();

    @Mixin
    private final BodyOptions body = new BodyOptions();

    CheckCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Request probe = body.request(target, shell.in());
        try (Remote remote = target.remote(shell, connector -> connector.healthProbe(probe))) {
            Health health = shell.await(remote.connector().health());
            shell.out().writeLine(Json.write(json(health)));
            shell.out().flush();
            return (health.isUsable() ? ExitCode.DONE : ExitCode.REMOTE).code();
        }
    }

    private static Map<String, @Nullable Object> json(Health health) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("status", health.status().name());
        json.put("latencyMs", health.latency().toMillis());
        json.put("statusCode", health.statusCode());
        json.put("reason", FailureLine.printable(health.reason()));
        return json;
    }
}
