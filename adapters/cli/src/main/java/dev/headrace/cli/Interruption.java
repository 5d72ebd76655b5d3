package dev.headrace.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ctrl-C: may come at any moment, on a thread of its own, and is never taken back. */
final class Interruption {

    /** How long an interrupted run may take to let go of its connections and files. */
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(3);

    private Duration patience = USUAL_PATIENCE;
    private boolean happened;
    private @Nullable Runnable reaction;

    /** Sets what an interruption does; if it has happened already, that is done at once. */
    void onInterrupt(Runnable reaction) {
        synchronized (this) {
            this.reaction = reaction;
            if (!happened) {
                return;
            }
        }
        reaction.run();
    }

    /** Gives an interrupted run more time than usual, for what it has to end. */
    synchronized void allow(Duration grace) {
        patience = USUAL_PATIENCE.plus(grace);
    }

    /** How long the process waits for an interrupted run. */
    synchronized Duration patience() {
        return patience;
    }

    void interrupt() {
        Runnable set;
        synchronized (this) {
            happened = true;
            set = reaction;
        }
        if (set != null) {
            set.run();
        }
    }

    synchronized boolean happened() {
        return happened;
    }
}
