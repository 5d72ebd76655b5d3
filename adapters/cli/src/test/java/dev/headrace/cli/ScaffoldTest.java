package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code headrace scaffold}: M32, M33. */
class ScaffoldTest {

    @TempDir
    private Path directory;

    private static List<Path> files(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void writesAProjectAndSaysWhatToTryNext() throws IOException {
        Path project = directory.resolve("new/project");

        Ran ran = Ran.headrace("scaffold", "Acme-crm", project.toString());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.lines())
                .containsExactlyInAnyOrderElementsOf(
                        files(project).stream().map(Path::toString).toList());
        assertThat(ran.lines().stream()
                        .map(line -> project.relativize(Path.of(line)).toString()))
                .containsExactlyInAnyOrder(
                        "pom.xml",
                        "README.md",
                        "Dockerfile",
                        ".gitignore",
                        "src/main/java/com/example/acmecrm/AcmeCrmIntegration.java",
                        "src/main/java/com/example/acmecrm/AcmeCrmSettings.java",
                        "src/main/java/com/example/acmecrm/AcmeCrmProvider.java",
                        "src/main/java/com/example/acmecrm/ListAccounts.java",
                        "src/main/java/com/example/acmecrm/Accounts.java",
                        "src/main/java/com/example/acmecrm/package-info.java",
                        "src/main/resources/META-INF/services/dev.headrace.capability.IntegrationProvider",
                        "src/test/java/com/example/acmecrm/FakeAcmeCrm.java",
                        "src/test/java/com/example/acmecrm/ListAccountsTest.java",
                        "src/test/java/com/example/acmecrm/AccountStreamTest.java");
        assertThat(ran.err()).contains("cd " + project, "mvn verify", "java -jar target/Acme-crm.jar info");
        assertThat(project.getParent()).isDirectoryContaining("glob:**project");
        assertThat(Files.readString(project.resolve("pom.xml")))
                .contains("<artifactId>Acme-crm</artifactId>", "<headrace.version>" + HeadraceVersion.current() + "<")
                .contains("<junit.jupiter.extensions.autodetection.enabled>true<", "leakDetection.level>paranoid<");
    }

    @Test
    void leavesNoPlaceholderUnfilled() {
        new Scaffold(new ScaffoldName("acme"))
                .content()
                .forEach((path, content) -> assertThat(path + content).doesNotContain("{{", "@{"));
    }

    @Test
    void writesIntoAnEmptyDirectoryAndLeavesNothingBesideIt() throws IOException {
        Path project = Files.createDirectory(directory.resolve("project"));

        assertThat(Ran.headrace("scaffold", "acme", project.toString()).exitCode())
                .isZero();

        assertThat(project.resolve("pom.xml")).exists();
        try (Stream<Path> children = Files.list(directory)) {
            assertThat(children).containsExactly(project);
        }
    }

    @Test
    void needsNothingBesideADirectoryThatIsThere() throws Exception {
        Path project = Files.createDirectory(directory.resolve("project"));

        try (WatchService beside = directory.getFileSystem().newWatchService()) {
            WatchKey ignored = directory.register(beside, StandardWatchEventKinds.ENTRY_CREATE);
            assertThat(Ran.headrace("scaffold", "acme", project.toString()).exitCode())
                    .isZero();
            // Events come in order: this one is the last.
            Files.createFile(directory.resolve("end"));

            List<String> created = new ArrayList<>();
            while (!created.contains("end")) {
                WatchKey key = beside.poll(30, TimeUnit.SECONDS);
                assertThat(key).isNotNull();
                key.pollEvents().forEach(event -> created.add(String.valueOf(event.context())));
                assertThat(key.reset()).isTrue();
            }
            assertThat(created).containsExactly("end");
        }
    }

    @Test
    void leavesAnEmptyDirectoryEmptyWhenItCannotWrite() throws IOException {
        Path project = Files.createDirectory(directory.resolve("project"));

        // Too long for the name of a file, but not for that of a project.
        Ran ran = Ran.headrace("scaffold", "a".repeat(250), project.toString());

        assertThat(ran.exitCode()).isEqualTo(5);
        assertThat(ran.err()).contains("Cannot write the project to ").hasLineCount(1);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void saysHowToCallItInAWayThatTheServerUnderstands() {
        String readme = new Scaffold(new ScaffoldName("acme")).content().get("README.md");

        assertThat(readme).containsPattern("curl [^\n]*-H 'Content-Type: application/json' [^\n]*/list_accounts");
    }

    @Test
    void overwritesNothing() throws IOException {
        Path taken = Files.createDirectory(directory.resolve("taken"));
        Files.writeString(taken.resolve("notes.txt"), "mine");
        Path file = Files.writeString(directory.resolve("file"), "mine");

        for (Path place : List.of(taken, file)) {
            Ran ran = Ran.headrace("scaffold", "acme", place.toString());

            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).startsWith("headrace: " + place).hasLineCount(1);
        }
        assertThat(files(directory)).containsExactlyInAnyOrder(file, taken.resolve("notes.txt"));
    }

    @Test
    void leavesNothingBehindWhenItCannotWrite() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "mine");

        Ran ran = Ran.headrace("scaffold", "acme", file.resolve("project").toString());

        assertThat(ran.exitCode()).isEqualTo(5);
        assertThat(ran.err()).contains("Cannot write the project to ").hasLineCount(1);
        assertThat(files(directory)).containsExactly(file);
    }

    @ParameterizedTest
    @CsvSource({
        "acme, acme, acme, Acme, Acme",
        "acme-crm2, acme-crm2, acmecrm2, AcmeCrm2, Acme Crm2",
        "AcmeCRM, acmecrm, acmecrm, AcmeCRM, Acme CRM",
        "new, new, new_, New, New"
    })
    void derivesNamesFromTheOneGiven(String given, String id, String packageName, String className, String ignored) {
        ScaffoldName name = new ScaffoldName(given);

        assertThat(name.id()).isEqualTo(id);
        assertThat(name.packageName()).isEqualTo(packageName);
        assertThat(name.className()).isEqualTo(className);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1acme", "acme-", "a--b", "acme crm", "acme_crm", "../acme", "acmé"})
    void refusesOtherNames(String name) {
        Path project = directory.resolve("project");

        Ran ran = Ran.headrace("scaffold", name, project.toString());

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("NAME").hasLineCount(1);
        assertThat(project).doesNotExist();
    }

    @Test
    void saysInItsHelpWhatItWrites() { // M33
        Ran ran = Ran.headrace("scaffold", "--help");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("NAME", "DIR", "Nothing is overwritten");
    }

    @ParameterizedTest
    // Words of Java, and of what the sources import.
    @ValueSource(strings = {"acme-crm", "new", "record", "test", "list-accounts", "settings", "integration"})
    void writesSourcesThatCompileWithoutAWarning(String name) throws IOException {
        Path project = directory.resolve("project");
        List<Path> sources = new Scaffold(new ScaffoldName(name))
                .writeTo(project).stream()
                        .filter(path -> path.toString().endsWith(".java"))
                        .toList();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();

        try (StandardJavaFileManager manager = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            Path classes = Files.createDirectory(directory.resolve("classes"));
            List<String> options = List.of(
                    "-d",
                    classes.toString(),
                    "--release",
                    "17",
                    "-parameters",
                    "-proc:none",
                    "-Xlint:all,-classfile,-processing",
                    "-classpath",
                    System.getProperty("java.class.path"));
            StringWriter said = new StringWriter();
            boolean compiled = compiler.getTask(
                            said, manager, problems, options, null, manager.getJavaFileObjectsFromPaths(sources))
                    .call();

            assertThat(problems.getDiagnostics().stream()
                            .filter(problem -> problem.getSource() != null)
                            .map(Object::toString))
                    .isEmpty();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }
}
