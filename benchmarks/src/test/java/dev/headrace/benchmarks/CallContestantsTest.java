package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.DisposableServer;

/** A contestant that makes too few calls would be the fastest of all. */
class CallContestantsTest {

    // Not a multiple of how many are in flight.
    private static final int CALLS = 133;

    private static Stream<Arguments> contestants() {
        return Stream.of(new Requests(1), new Requests(64), new InterceptorCosts())
                .flatMap(workload ->
                        workload.contestants().stream().map(contestant -> Arguments.of(workload, contestant)));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void makesAllCallsTwice(Workload workload, Contestant contestant) throws Exception {
        Knobs knobs = Knobs.once(workload, CALLS);
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
