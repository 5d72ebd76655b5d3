package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.DisposableServer;

/** A contestant that reads too little would be the fastest of all. */
class EventContestantsTest {

    private static final boolean SOAK = Boolean.getBoolean("headrace.soak");

    private static Stream<Arguments> contestants() {
        return Stream.of(
                        workload(new SmallEvents()),
                        workload(new EventPerChunk()),
                        workload(new LargeEvents()),
                        workload(new JsonEvents()),
                        workload(new LargeJsonEvents()))
                .flatMap(each -> each);
    }

    private static Stream<Arguments> workload(Workload workload) {
        return workload.contestants().stream()
                // With every buffer watched, it takes ten seconds for what the others do in one.
                .filter(contestant -> SOAK || !contestant.name().contains("WebClient"))
                .map(contestant -> Arguments.of(workload, contestant));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void readsAllEventsTwice(Workload workload, Contestant contestant) throws Exception {
        Knobs knobs = oneBlock(workload);
        DisposableServer server = Objects.requireNonNull(workload.serve(knobs));
        try {
            Contestant.Pass pass = contestant.preparation().prepare("http://127.0.0.1:" + server.port(), knobs);

            Tally first = pass.run();
            Tally second = pass.run();

            assertThatCode(() -> first.check(workload.expected(knobs))).doesNotThrowAnyException();
            assertThatCode(() -> second.check(workload.expected(knobs))).doesNotThrowAnyException();
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void refusesATallyThatLacksAnEventOrHasAnotherSum() {
        Tally expected = EventBlock.SMALL.expectedTexts(oneBlock(new SmallEvents()));

        assertThatThrownBy(() -> new Tally(expected.items() - 1, expected.sum()).check(expected))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Tally(expected.items(), expected.sum() - 1).check(expected))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Knobs oneBlock(Workload workload) {
        return Knobs.once(workload, 1);
    }
}
