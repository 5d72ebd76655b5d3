package dev.headrace.cli;

import dev.headrace.capability.Integration;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** One run of the command within this process, and what it left. */
record Ran(int exitCode, String out, String err) {

    static Ran headrace(String... args) {
        return withInput("", args);
    }

    /** A command with more arguments at its end. */
    static Ran and(String[] command, String... more) {
        return headrace(Stream.of(command, more).flatMap(Arrays::stream).toArray(String[]::new));
    }

    static Ran withInput(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Ran ran = into(out, input, args);
        return new Ran(ran.exitCode, out.toString(StandardCharsets.UTF_8), ran.err);
    }

    /** A run of an integration's command. */
    static Ran of(Integration integration, String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        int exitCode = HeadraceCli.run(integration, args, in, out, new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Ran(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** With a standard output of the test's own. */
    static Ran into(OutputStream out, String input, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        int exitCode = HeadraceCli.run(args, in, out, new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Ran(exitCode, "", err.toString(StandardCharsets.UTF_8));
    }

    /** For command lines that are only looked at: nothing comes in, and what goes out is lost. */
    static Shell shellOfNothing() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Shell(InputStream.nullInputStream(), new Stdout(nowhere), nowhere, new Interruption());
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
