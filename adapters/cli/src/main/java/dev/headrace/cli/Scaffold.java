package dev.headrace.cli;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A new project, made of templates: files in this package's folder {@code scaffold}, where <code>{{name}}</code> stands for what depends on the
 * project's name. It is written beside its place and then moved there, so that a failure leaves nothing behind.
 */
final class Scaffold {

    private static final String MAIN = "src/main/java/com/example/{{package}}/";
    private static final String TEST = "src/test/java/com/example/{{package}}/";

    /** Where each template's file goes. */
    private static final Map<String, String> FILES = files();

    private final Map<String, String> values;

    Scaffold(ScaffoldName name) {
        values = Map.of(
                "name", name.given(),
                "id", name.id(),
                "package", name.packageName(),
                "class", name.className(),
                "title", name.title(),
                "headrace", HeadraceVersion.current());
    }

    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("pom.xml", "pom.xml");
        files.put("Integration.java", MAIN + "{{class}}Integration.java");
        files.put("Settings.java", MAIN + "{{class}}Settings.java");
        files.put("ListAccounts.java", MAIN + "ListAccounts.java");
        files.put("Accounts.java", MAIN + "Accounts.java");
        files.put("Provider.java", MAIN + "{{class}}Provider.java");
        files.put("package-info.java", MAIN + "package-info.java");
        files.put("provider", "src/main/resources/META-INF/services/dev.headrace.capability.IntegrationProvider");
        files.put("FakeRemote.java", TEST + "Fake{{class}}.java");
        files.put("ListAccountsTest.java", TEST + "ListAccountsTest.java");
        files.put("AccountStreamTest.java", TEST + "AccountStreamTest.java");
        files.put("README.md", "README.md");
        files.put("Dockerfile", "Dockerfile");
        files.put("gitignore", ".gitignore");
        return files;
    }

    /** The project's files by their paths. */
    Map<String, String> content() {
        Map<String, String> content = new LinkedHashMap<>();
        FILES.forEach((template, path) -> content.put(filled(path), filled(template(template))));
        return content;
    }

    /**
     * Writes the project; blocks.
     *
     * @param directory where to; must not be there yet, or be empty
     * @return the files, in the directory
     * @throws IllegalArgumentException if something is there
     * @throws HeadraceException of kind LOCAL if it cannot be written
     */
    List<Path> writeTo(Path directory) {
        Path place = directory.toAbsolutePath().normalize();
        refuseIfTaken(directory, place);
        Path beside = place.resolveSibling(
                "." + Objects.requireNonNullElse(place.getFileName(), place) + "-" + UUID.randomUUID());
        try {
            List<Path> written = new ArrayList<>();
            for (Map.Entry<String, String> file : content().entrySet()) {
                Path path = beside.resolve(file.getKey());
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                Files.writeString(path, file.getValue());
                written.add(directory.resolve(file.getKey()));
            }
            move(beside, place);
            return written;
        } catch (IOException e) {
            throw new HeadraceException(
                    FailureKind.LOCAL,
                    "Cannot write the project to " + directory + ": " + reason(e) + "; choose another DIR",
                    e);
        } finally {
            delete(beside);
        }
    }

    private static void refuseIfTaken(Path directory, Path place) {
        if (!Files.exists(place)) {
            return;
        }
        if (!Files.isDirectory(place)) {
            throw new IllegalArgumentException(directory + " is a file; choose a DIR that is not there yet");
        }
        try (Stream<Path> children = Files.list(place)) {
            if (children.findAny().isPresent()) {
                throw new IllegalArgumentException(
                        directory + " is not empty, and nothing is overwritten; choose a DIR that is not there yet");
            }
        } catch (IOException e) {
            throw new HeadraceException(FailureKind.LOCAL, "Cannot look into " + directory + ": " + reason(e), e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        if (!Files.exists(to)) {
            try {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(from, to);
            }
            return;
        }
        // An empty directory stays: it may be somebody's current one.
        List<Path> moved = new ArrayList<>();
        try (Stream<Path> children = Files.list(from)) {
            for (Path child : children.toList()) {
                Path target = to.resolve(from.relativize(child));
                Files.move(child, target);
                moved.add(target);
            }
        } catch (IOException e) {
            moved.forEach(Scaffold::delete);
            throw e;
        }
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // What could not be written is told already, and is worse.
        }
    }

    private static String reason(IOException failure) {
        return failure.getClass().getSimpleName() + (failure.getMessage() == null ? "" : " " + failure.getMessage());
    }

    private String filled(String template) {
        String filled = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("{{" + value.getKey() + "}}", value.getValue());
        }
        return filled;
    }

    private static String template(String name) {
        try (InputStream in = Scaffold.class.getResourceAsStream("scaffold/" + name + ".template")) {
            return new String(Objects.requireNonNull(in, "no template " + name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new HeadraceException(FailureKind.LOCAL, "Cannot read the template " + name + " of headrace", e);
        }
    }
}
