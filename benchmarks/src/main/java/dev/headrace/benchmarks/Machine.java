package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What figures were measured on. */
final class Machine {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    private Machine() {}

    /** Java, processors and system, such as {@code Java 17.0.1, 2 processors (model), Linux 6.1}. */
    static String description() {
        return "Java " + java() + ", " + processors() + " processors (" + processor() + "), " + system();
    }

    static String java() {
        return System.getProperty("java.version");
    }

    static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Its model as Linux knows it; elsewhere, and where Linux does not know, what Java calls the architecture. */
    static String processor() {
        String architecture = System.getProperty("os.arch");
        if (!Files.exists(PROCESSORS)) {
            return architecture;
        }
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip() + ", " + architecture)
                    .findFirst()
                    .orElse(architecture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without what distributors add to the version. */
    static String system() {
        return System.getProperty("os.name") + " "
                + System.getProperty("os.version").replaceFirst("-.*", "");
    }
}
