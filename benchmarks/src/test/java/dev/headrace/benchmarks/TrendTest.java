package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TrendTest {

    private static final List<Double> SIZES = List.of(1.0, 10.0, 100.0, 1_000.0, 10_000.0);

    @Test
    void isOneForALineAndTwoForASquare() {
        assertThat(of(size -> 3 * size).steeper()).isEqualTo(1, within(1e-9));
        assertThat(of(size -> 3 * size * size).steeper()).isEqualTo(2, within(1e-9));
    }

    @Test
    void findsASquareThatShowsOnlyWhereThingsAreLarge() {
        Trend trend = of(size -> 1_000 * size + size * size);

        assertThat(trend.overall()).isLessThan(1.3);
        assertThat(trend.steeper()).isGreaterThan(1.4);
    }

    @Test
    void leavesOutTheSizeThatHasNoLogarithm() {
        Trend trend = Trend.of(List.of(0.0, 1.0, 10.0, 100.0), List.of(5.0, 5.0, 50.0, 500.0));

        assertThat(trend.overall()).isEqualTo(1, within(1e-9));
    }

    /** Or a growth would be met because the largest has failed. */
    @Test
    void isNotKnownWhereACostIsNotKnown() {
        Trend missing = Trend.of(List.of(1.0, 10.0, 100.0, 1_000.0), List.of(5.0, 5.0, 5.0, Double.NaN));
        Trend nothing = Trend.of(List.of(1.0, 10.0, 100.0, 1_000.0), List.of(0.0, 5.0, 5.0, 5.0));

        assertThat(missing.steeper()).isNaN();
        assertThat(nothing.steeper()).isNaN();
    }

    @Test
    void knowsNothingOfOnePoint() {
        assertThat(Trend.of(List.of(10.0), List.of(1.0)).steeper()).isNaN();
    }

    private static Trend of(DoubleUnaryOperator cost) {
        return Trend.of(SIZES, SIZES.stream().map(cost::applyAsDouble).toList());
    }
}
