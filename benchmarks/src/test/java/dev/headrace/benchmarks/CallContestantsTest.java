package dev.headrace.benchmarks;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
        TwoPasses.check(workload, contestant, CALLS);
    }
}
