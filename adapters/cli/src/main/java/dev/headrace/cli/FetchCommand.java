package dev.headrace.cli;

import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import reactor.core.publisher.Flux;

/** One request; the body as it arrives. */
@Command(
        name = "fetch",
        description = "Sends one request and writes the body to standard output as it arrives.",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class FetchCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final RequestOptions target = new RequestOptions();

    @Mixin
    private final BodyOptions body = new BodyOptions();

    @Mixin
    private final RetryOptions retry = new RetryOptions();

    FetchCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Request request = body.request(target, shell.in());
        try (Remote remote = target.remote(shell, connector -> connector.retry(retry.policy()))) {
            shell.write(
                    remote.connector()
                            .exchange(
                                    request,
                                    response -> response.isSuccessful()
                                            ? response.bytes()
                                            : HttpStatusException.from(response.request(), response)
                                                    .flatMapMany(Flux::error)),
                    Stdout::write);
        }
        return ExitCode.DONE.code();
    }
}
