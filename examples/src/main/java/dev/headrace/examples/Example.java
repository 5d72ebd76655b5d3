package dev.headrace.examples;

import dev.headrace.connector.Connector;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Runs an example: against the server whose URL is the first argument, or against a demo server of its own. */
final class Example {

    private Example() {}

    /** Prints what an example emits, one line for each element. Blocks until it ends. */
    static void print(String[] args, Function<Connector, Publisher<?>> example) {
        if (args.length > 0) {
            print(args[0], example);
        } else {
            try (DemoServer demo = DemoServer.start()) {
                print(demo.url(), example);
            }
        }
    }

    private static void print(String url, Function<Connector, Publisher<?>> example) {
        try (Connector api = Connector.builder(url).build()) {
            Flux.from(example.apply(api)).doOnNext(System.out::println).blockLast();
        }
    }
}
