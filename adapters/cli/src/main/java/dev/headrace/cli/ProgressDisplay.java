package dev.headrace.cli;

import dev.headrace.transfer.TransferProgress;
import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How far a download is, on a terminal; elsewhere nothing. */
final class ProgressDisplay implements AutoCloseable {

    /** Set by the launcher, which can ask about standard error; Java cannot. */
    private static final String TERMINAL = "headrace.terminal";

    private static final long MEBIBYTE = 1 << 20;

    private final PrintStream err;
    private final String name;
    private final boolean shows;
    private @Nullable ProgressBar bar;
    private boolean closed;

    private ProgressDisplay(PrintStream err, String name, boolean shows) {
        this.err = err;
        this.name = name;
        this.shows = shows;
    }

    static ProgressDisplay on(PrintStream err, String name) {
        return new ProgressDisplay(err, name, isTerminal());
    }

    /** Called on the library's threads; drawing is the business of another one. */
    synchronized void show(TransferProgress progress) {
        if (bar == null && shows && !closed && progress.phase() != TransferProgress.Phase.CONNECTING) {
            // Not before it is known what an earlier run has left: that came at no speed at all.
            bar = bar(progress.bytesDone());
        }
        if (bar != null) {
            bar.maxHint(progress.totalBytes());
            bar.stepTo(progress.bytesDone());
            bar.setExtraMessage(progress.phase() == TransferProgress.Phase.VERIFYING ? "verifying" : "");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (bar != null) {
            bar.close();
        }
    }

    private ProgressBar bar(long done) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(-1)
                .startsFrom(done, Duration.ZERO)
                .setUnit(" MiB", MEBIBYTE)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(err))
                .build();
    }

    @SuppressWarnings("SystemConsoleNull") // what newer JDKs say instead is asked for as well
    private static boolean isTerminal() {
        String known = System.getProperty(TERMINAL);
        if (known != null) {
            return Boolean.parseBoolean(known);
        }
        Console console = System.console();
        return console != null && isTerminal(console);
    }

    /** From 22 on there is a console without a terminal too, and a method that tells them apart. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
