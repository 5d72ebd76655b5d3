package dev.headrace.test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Another Java process that runs a class of the tests, to be killed or to live in little memory. Its methods block.
 *
 * <pre>{@code
 * ChildJvm.startAndKill(server, random, 800, Victim.class, server.url(), file.toString());
 * … // what the victim has left behind
 * }</pre>
 */
public final class ChildJvm {

    private ChildJvm() {}

    /**
     * A process that is not started yet; its class path is ours.
     *
     * @param main a class with a {@code main} method
     * @param options of the virtual machine, such as {@code -Xmx64m}
     * @param args what {@code main} is given
     * @return the process, for its streams to be redirected
     */
    public static ProcessBuilder running(Class<?> main, List<String> options, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    /**
     * Starts one whose output is thrown away.
     *
     * @param main a class with a {@code main} method
     * @param args what {@code main} is given
     * @return the process, which runs
     * @throws IOException if it cannot be started
     */
    public static Process start(Class<?> main, String... args) throws IOException {
        return running(main, List.of("-XX:+UseSerialGC"), args)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /**
     * Starts one and kills it (SIGKILL) at a random moment after its first request, if it has not ended by itself by then.
     *
     * @param server whom it sends its requests to
     * @param random chooses the moment
     * @param mostMillis how long after the first request at most
     * @param main a class with a {@code main} method
     * @param args what {@code main} is given
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread is interrupted; the process is killed then, too
     */
    public static void startAndKill(LocalServer server, Random random, int mostMillis, Class<?> main, String... args)
            throws IOException, InterruptedException {
        int requests = server.requests().size();
        Process process = start(main, args);
        try {
            // Not if it needs no request any more.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (server.requests().size() == requests
                    && !process.waitFor(1, TimeUnit.MILLISECONDS)
                    && System.nanoTime() < deadline) {
                // The request is what we wait for.
            }
            // Whether it has ended by itself meanwhile is all the same.
            boolean ignored = process.waitFor(random.nextInt(mostMillis), TimeUnit.MILLISECONDS);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
