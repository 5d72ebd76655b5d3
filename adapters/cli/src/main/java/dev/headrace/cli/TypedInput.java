package dev.headrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether standard input is a keyboard. Java does not say: its console is one only if standard output is a terminal too. */
final class TypedInput {

    /** Where Linux says what standard input is. */
    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");

    private TypedInput() {}

    @SuppressWarnings("SystemConsoleNull") // it is only asked where the first question has no answer, and not alone
    static boolean isThere() {
        try {
            return isTerminal(Files.readSymbolicLink(STANDARD_INPUT).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && nothingWaits();
        }
    }

    static boolean isTerminal(String device) {
        return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
    }

    /** From Java 22 on, a console may be there though standard input is piped. */
    private static boolean nothingWaits() {
        try {
            return System.in.available() == 0;
        } catch (IOException e) {
            return true;
        }
    }
}
