package dev.headrace.capability;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a failure happened, for logs: classes and places, but no messages, for nobody has taken the secrets out of them. */
final class Frames {

    private static final int MOST = 50;

    private Frames() {}

    /** The class and the place. */
    static String place(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    /** All places, those of the causes too. */
    static String all(Throwable failure) {
        StringBuilder all = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        @Nullable Throwable next = failure;
        while (next != null && seen.add(next)) {
            all.append(all.isEmpty() ? "\n" : "\ncaused by ")
                    .append(next.getClass().getName());
            StackTraceElement[] trace = next.getStackTrace();
            for (int i = 0; i < Math.min(MOST, trace.length); i++) {
                all.append("\n    at ").append(trace[i]);
            }
            next = next.getCause();
        }
        return all.toString();
    }
}
