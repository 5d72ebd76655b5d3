package dev.headrace.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How a cost grows with a size: the exponent of the power that fits it best, by least squares of the logarithms. 1 is linear, 0 is flat.
 *
 * @param overall over all points
 * @param upper over the upper half of them, for what is worse than linear shows where things are large
 */
record Trend(double overall, double upper) {

    /** What noise may add to a line. */
    static final double LINEAR = 1.1;

    private static final int FEWEST = 2;

    /**
     * Of sizes and costs in order of size. A size of zero has no part; where a cost is not known, or not above zero, the exponents are not
     * known.
     */
    static Trend of(List<Double> sizes, List<Double> costs) {
        List<double[]> points = IntStream.range(0, sizes.size())
                .filter(i -> sizes.get(i) > 0)
                .mapToObj(i -> new double[] {Math.log(sizes.get(i)), logarithm(costs.get(i))})
                .toList();
        return new Trend(slope(points), slope(points.subList(Math.max(0, (points.size() - 1) / 2), points.size())));
    }

    double steeper() {
        return Math.max(overall, upper);
    }

    private static double logarithm(double cost) {
        return cost > 0 ? Math.log(cost) : Double.NaN;
    }

    private static double slope(List<double[]> points) {
        if (points.size() < FEWEST) {
            return Double.NaN;
        }
        double x = points.stream().mapToDouble(point -> point[0]).average().orElseThrow();
        double y = points.stream().mapToDouble(point -> point[1]).average().orElseThrow();
        double up = points.stream()
                .mapToDouble(point -> (point[0] - x) * (point[1] - y))
                .sum();
        double along =
                points.stream().mapToDouble(point -> Math.pow(point[0] - x, 2)).sum();
        return up / along;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "exponent %.2f, in the upper half %.2f", overall, upper);
    }
}
