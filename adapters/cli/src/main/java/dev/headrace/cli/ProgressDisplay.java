package dev.headrace.cli;

import dev.headrace.transfer.TransferProgress;
import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
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

    private final @Nullable ProgressBar bar;

    private ProgressDisplay(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    static ProgressDisplay on(PrintStream err, String name) {
        return new ProgressDisplay(isTerminal() ? bar(err, name) : null);
    }

    /** Called on the library's threads; drawing is the business of another one. */
    void show(TransferProgress progress) {
        if (bar != null) {
            bar.maxHint(progress.totalBytes());
            bar.stepTo(progress.bytesDone());
            bar.setExtraMessage(progress.phase() == TransferProgress.Phase.VERIFYING ? "verifying" : "");
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }

    private static ProgressBar bar(PrintStream err, String name) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(-1)
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
