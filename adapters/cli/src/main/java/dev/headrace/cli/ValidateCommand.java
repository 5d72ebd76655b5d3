package dev.headrace.cli;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.spec.Problem;
import dev.headrace.spec.Spec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** Every problem of a YAML spec, with its line. */
@Command(
        name = "validate",
        description = "Says whether a YAML spec is right: every problem with its line, one JSON object a line.",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class ValidateCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "SPEC", description = "The YAML file. Secrets need not be there.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path spec;

    ValidateCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<Problem> problems = Spec.load(spec).problems();
        shell.write(Flux.fromIterable(problems), (out, problem) -> out.writeLine(Json.write(json(problem))));
        if (problems.isEmpty()) {
            shell.write(Flux.just(Map.of("valid", true)), (out, verdict) -> out.writeLine(Json.write(verdict)));
            return ExitCode.DONE.code();
        }
        Problem first = problems.get(0);
        throw new HeadraceException(
                FailureKind.CONFIGURATION,
                spec + " has " + problems.size()
                        + (problems.size() == 1 ? " problem, on line " : " problems, the first on line ") + first.line()
                        + ": " + first.message() + "; put that right and validate it again",
                null);
    }

    private Map<String, Object> json(Problem problem) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", spec.toString());
        json.put("line", problem.line());
        json.put("column", problem.column());
        json.put("path", problem.path());
        json.put("message", problem.message());
        return json;
    }
}
