package dev.headrace.cli;

import org.jspecify.annotations.Nullable;

/** Ctrl-C: may come at any moment, on a thread of its own, and is never taken back. */
final class Interruption {

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
