package dev.headrace.cli;

import dev.headrace.error.HeadraceException;
import dev.headrace.http.Redactor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a failure came about, as Java prints it, but with the secrets taken out of each message: causes are often not of our making. Behind it,
 * where the guide says more about the innermost failure of this library.
 */
final class StackTrace {

    private StackTrace() {}

    static void print(Throwable failure, Consumer<? super String> lines) {
        // Causes may go round in a circle.
        Set<Throwable> printed = Collections.newSetFromMap(new IdentityHashMap<>());
        String lead = "";
        @Nullable HeadraceException innermost = null;
        for (Throwable each = failure; each != null && printed.add(each); each = each.getCause()) {
            String message = each.getMessage();
            lines.accept(lead + each.getClass().getName() + (message == null ? "" : ": " + Redactor.text(message)));
            for (StackTraceElement frame : each.getStackTrace()) {
                lines.accept("\tat " + frame);
            }
            lead = "Caused by: ";
            if (each instanceof HeadraceException ours) {
                innermost = ours;
            }
        }
        if (innermost != null) {
            lines.accept("More about this: " + innermost.help());
        }
    }
}
