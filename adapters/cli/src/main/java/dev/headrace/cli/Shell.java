package dev.headrace.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * What a command has of the shell that started it.
 *
 * @param in standard input, of which nothing is read unless the command line asks for it
 * @param out standard output: data
 * @param err standard error: everything else
 * @param interruption Ctrl-C
 * @param mask what standard error must not show
 */
record Shell(InputStream in, Stdout out, PrintStream err, Interruption interruption, Mask mask) {

    Shell(InputStream in, Stdout out, PrintStream err, Interruption interruption) {
        this(in, out, err, interruption, new Mask());
    }

    /** Writes all elements to standard output, each as soon as it is there, and asks for no more than can be written. */
    <T> void write(Publisher<? extends T> elements, BiConsumer<Stdout, ? super T> writer) {
        write(elements, writer, () -> {});
    }

    /** The same; {@code written} runs whenever all elements so far have left this process, at the end too, but for a failure to write. */
    <T> void write(Publisher<? extends T> elements, BiConsumer<Stdout, ? super T> writer, Runnable written) {
        Demand.read(elements, interruption, (T element) -> writer.accept(out, element), () -> {
            out.flush();
            written.run();
        });
    }

    /** Waits for a value. */
    <T> T await(Mono<T> value) {
        List<T> values = new ArrayList<>(1);
        Demand.read(value, interruption, values::add, () -> {});
        return values.get(0);
    }

    /** A line for standard error, from any thread. */
    void tell(String line) {
        err.println(mask.hidden(line));
    }
}
