package dev.headrace.cli;

import dev.headrace.connector.Connector;
import dev.headrace.http.ProxySettings;
import dev.headrace.spec.Spec;
import dev.headrace.stream.Source;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Parameters;

/** The YAML spec that a command's source is made of. */
final class SpecArgument {

    @Parameters(index = "0", paramLabel = "SPEC", description = "The YAML file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path spec;

    Source source(UnaryOperator<Connector.Builder> host) {
        return source(spec, host);
    }

    /** What a spec describes, through the proxy of the environment. */
    static Source source(Path spec, UnaryOperator<Connector.Builder> host) {
        return Spec.load(spec)
                .host(connector -> host.apply(connector.proxy(ProxySettings.fromEnvironment())))
                .source();
    }
}
