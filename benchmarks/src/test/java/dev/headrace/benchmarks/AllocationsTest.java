package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.benchmarks.Allocations.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each limit is what was measured when it was set, and five parts in a hundred. Something that allocates less is a reason to lower it;
 * something that allocates more wants one.
 */
class AllocationsTest {

    @ParameterizedTest
    @CsvSource({
        // Its data, its id and itself.
        "TEXT_EVENT, 190",
        // Here and for records it is mostly Jackson that allocates.
        "RECORD_EVENT, 407",
        "DOCUMENT_RECORD, 1002",
        "LINE_RECORD, 1001",
        // Through the whole chain, to an answer that is there.
        "REQUEST, 2033",
    })
    void takesNoMoreBytesThanBefore(Kind kind, double limit) throws InterruptedException {
        assertThat(Allocations.bytes(kind)).isLessThanOrEqualTo(limit);
    }
}
