package dev.headrace.cli;

import dev.headrace.http.Redactor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Consumer;

/** How a failure came about, as Java prints it, but with the secrets taken out of each message: causes are often not of our making. */
final class StackTrace {

    private StackTrace() {}

    static void print(Throwable failure, Consumer<? super String> lines) {
        // Causes may go round in a circle.
        Set<Throwable> printed = Collections.newSetFromMap(new IdentityHashMap<>());
        String lead = "";
        for (Throwable each = failure; each != null && printed.add(each); each = each.getCause()) {
            String message = each.getMessage();
            lines.accept(lead + each.getClass().getName() + (message == null ? "" : ": " + Redactor.text(message)));
            for (StackTraceElement frame : each.getStackTrace()) {
                lines.accept("\tat " + frame);
            }
            lead = "Caused by: ";
        }
    }
}
