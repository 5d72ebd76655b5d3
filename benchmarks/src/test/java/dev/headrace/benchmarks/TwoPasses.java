package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Objects;
import reactor.netty.DisposableServer;

/** Lets a contestant do its work twice against the workload's server, and checks both times that it has done all of it. */
final class TwoPasses {

    private TwoPasses() {}

    static void check(Workload workload, Contestant contestant, int items) throws Exception {
        Knobs knobs = Knobs.once(workload, items);
        DisposableServer server = Objects.requireNonNull(workload.serve(knobs));
        try {
            Contestant.Pass pass = contestant.preparation().prepare(Comparison.url(server), knobs);

            Tally first = pass.run();
            Tally second = pass.run();

            assertThatCode(() -> first.check(workload.expected(knobs))).doesNotThrowAnyException();
            assertThatCode(() -> second.check(workload.expected(knobs))).doesNotThrowAnyException();
        } finally {
            server.disposeNow();
        }
    }
}
