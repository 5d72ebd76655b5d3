package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.DisposableServer;

/** A contestant that reads too few records would be the fastest of all. */
class RecordContestantsTest {

    // More than one block, and a page more than one.
    private static final int RECORDS = 3 * ItemBlock.ITEMS;

    private static Stream<Arguments> contestants() {
        return Stream.of(new DocumentRecords(true), new NdjsonRecords(), new PageRecords(false))
                .flatMap(workload ->
                        workload.contestants().stream().map(contestant -> Arguments.of(workload, contestant)));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void readsAllRecordsTwice(Workload workload, Contestant contestant) throws Exception {
        Knobs knobs = Knobs.once(workload, RECORDS);
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
