package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyEndingTest {

    private static final BodyEnd END = new BodyEnd(BodyEnd.How.READ, 3, null);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5})
    void tellsEveryoneInTheirOrderAndOnce(int asking) {
        BodyEnding ending = BodyEnding.open();
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < asking; i++) {
            int number = i;
            ending.whenEnded(end -> {
                told.add(number);
                throw new IllegalStateException("must not keep the others from hearing");
            });
        }
        assertThat(told).isEmpty();

        ending.ended(END);
        ending.ended(END);

        assertThat(told).isEqualTo(IntStream.range(0, asking).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void tellsWhoeverComesAfterwardsAtOnce(int before) {
        BodyEnding ending = BodyEnding.open();
        List<BodyEnd> told = new ArrayList<>();
        for (int i = 0; i < before; i++) {
            ending.whenEnded(told::add);
        }
        ending.ended(END);

        ending.whenEnded(told::add);

        assertThat(told).hasSize(before + 1).containsOnly(END);
    }
}
