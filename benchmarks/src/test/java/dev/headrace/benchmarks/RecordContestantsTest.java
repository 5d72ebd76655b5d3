package dev.headrace.benchmarks;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
        TwoPasses.check(workload, contestant, RECORDS);
    }
}
