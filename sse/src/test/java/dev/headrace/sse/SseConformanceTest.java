package dev.headrace.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The 111 cases of the conformance set, however their bytes are cut (L48). */
class SseConformanceTest {

    private static final int LONGEST_TO_CUT = 20_000;

    @ParameterizedTest
    @MethodSource("cases")
    void readsTheChunksAsGiven(SseCase sample) {
        Parsing parsing = new Parsing();
        List<Integer> eventsAfterChunk = new ArrayList<>();

        for (byte[] chunk : sample.chunks()) {
            parsing.feed(chunk);
            eventsAfterChunk.add(parsing.events.size());
        }

        assertOutcome(sample, parsing);
        if (!sample.eventsAfterChunk().isEmpty()) {
            assertThat(eventsAfterChunk).isEqualTo(sample.eventsAfterChunk());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsAllInOneChunk(SseCase sample) {
        assertOutcome(sample, new Parsing().feed(sample.bytes()));
    }

    @TestFactory
    Stream<DynamicTest> readsPiecesOfAnySize() throws IOException {
        return casesToCut()
                .flatMap(sample -> IntStream.of(1, 2, 3, 5, 7)
                        .mapToObj(size -> DynamicTest.dynamicTest(
                                sample + " cut into " + size,
                                () -> assertOutcome(sample, new Parsing().feedAll(sample.cutInto(size))))));
    }

    @ParameterizedTest
    @MethodSource("casesToCut")
    void readsPiecesCutAtRandom(SseCase sample) {
        for (int seed = 0; seed < 20; seed++) {
            assertOutcome(sample, new Parsing().feedAll(sample.cutAtRandom(seed)));
        }
    }

    static Stream<SseCase> cases() throws IOException {
        return SseCase.all();
    }

    static Stream<SseCase> casesToCut() throws IOException {
        return cases().filter(sample -> sample.bytes().length <= LONGEST_TO_CUT);
    }

    private static void assertOutcome(SseCase sample, Parsing parsing) {
        assertThat(parsing.events).isEqualTo(sample.expected());
        assertThat(parsing.resumePoint.lastEventId()).isEqualTo(sample.lastEventId());
        if (!sample.anyRetry()) {
            assertThat(parsing.resumePoint.retry()).isEqualTo(sample.retry());
        }
    }
}
