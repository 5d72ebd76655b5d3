package dev.headrace.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A new integration's project. */
@Command(
        name = "scaffold",
        description = {
            "Writes a new Maven project to DIR: an integration with a capability and a record stream, tests of both,"
                    + " and a Dockerfile. It builds as it is, and runs as a library, as a command and over HTTP.",
            "Nothing is overwritten: DIR must not be there yet, or be empty. Writes the paths of the files, one a line."
        },
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class ScaffoldCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "What the integration is called: letters, digits and dashes between them, such as acme-crm.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Parameters(index = "1", paramLabel = "DIR", description = "Where the project goes.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path directory;

    ScaffoldCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ScaffoldName project = new ScaffoldName(name);
        for (Path file : new Scaffold(project).writeTo(directory)) {
            shell.out().writeLine(file.toString().getBytes(StandardCharsets.UTF_8));
        }
        shell.out().flush();
        String jar = "java -jar target/" + project.given() + ".jar";
        shell.tell("Now try:");
        shell.tell("  cd " + directory);
        shell.tell("  mvn verify");
        shell.tell("  " + jar + " info");
        shell.tell("  " + jar + " list_accounts --help");
        shell.tell("  " + jar + " serve");
        return ExitCode.DONE.code();
    }
}
