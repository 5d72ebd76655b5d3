package dev.headrace.cli;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an option has in a file, given as {@code @FILE}, so that it shows in no list of processes. */
final class FileText {

    private FileText() {}

    /**
     * The text, without white space around it.
     *
     * @param what it is, for messages, such as {@code --bearer-env}
     * @throws HeadraceException of kind {@link FailureKind#CONFIGURATION} if the file cannot be read or has nothing in it
     */
    static String read(String what, String file) {
        String text;
        try {
            text = Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw wrong("The file of " + what + " cannot be read: " + file);
        }
        if (text.isEmpty()) {
            throw wrong("The file of " + what + " is empty: " + file);
        }
        return text;
    }

    private static HeadraceException wrong(String problem) {
        return new HeadraceException(FailureKind.CONFIGURATION, problem, null);
    }
}
