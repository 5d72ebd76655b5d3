package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What a suite found.
 *
 * @param suite its name
 * @param title what it says, in one line
 * @param setting what was measured under which conditions, in one line
 * @param columns names of the figures, units included
 * @param rows who or what was measured
 * @param notes what a reader should know besides, such as who failed and why
 * @param rounds the same table for each round, of which the rows have the medians; empty if there were no rounds
 */
record SuiteResult(
        String suite,
        String title,
        String setting,
        List<String> columns,
        List<Row> rows,
        List<String> notes,
        List<List<Row>> rounds) {

    /**
     * A line of the table.
     *
     * @param name a contestant, or a value of what grows
     * @param figures one for each column; NaN where it is not known
     */
    record Row(String name, List<Double> figures) {}

    /** Without rounds. */
    SuiteResult(String suite, String title, String setting, List<String> columns, List<Row> rows, List<String> notes) {
        this(suite, title, setting, columns, rows, notes, List.of());
    }

    /** With rows that have the median of each figure, in the order in which they first appear. */
    static SuiteResult ofRounds(
            String suite,
            String title,
            String setting,
            List<String> columns,
            List<List<Row>> rounds,
            List<String> notes) {
        Set<String> names = new LinkedHashSet<>();
        rounds.forEach(round -> round.forEach(row -> names.add(row.name())));
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(new Row(
                    name,
                    IntStream.range(0, columns.size())
                            .mapToObj(column -> median(rounds.stream()
                                    .flatMap(List::stream)
                                    .filter(row -> row.name().equals(name))
                                    .mapToDouble(row -> row.figures().get(column))))
                            .toList()));
        }
        return new SuiteResult(suite, title, setting, columns, rows, notes, rounds);
    }

    /** A figure by the names of its row and column; NaN if there is none. */
    double figure(String row, String column) {
        int index = columns.indexOf(column);
        return rows.stream()
                .filter(each -> each.name().equals(row) && index >= 0)
                .mapToDouble(each -> each.figures().get(index))
                .findFirst()
                .orElse(Double.NaN);
    }

    /**
     * The median of each round's ratio, which what changes from round to round does not touch; the ratio of the rows without rounds; NaN
     * if one of the two is missing.
     */
    double ratio(String row, String other, String column) {
        return median(table -> table.figure(row, column) / table.figure(other, column));
    }

    /** The median of what each round's table gives by itself; what the rows give without rounds. */
    double median(ToDoubleFunction<SuiteResult> figure) {
        if (rounds.isEmpty()) {
            return figure.applyAsDouble(this);
        }
        return median(each(figure).stream().mapToDouble(Double::doubleValue));
    }

    /** What each round's table gives by itself; empty without rounds. */
    List<Double> each(ToDoubleFunction<SuiteResult> figure) {
        return rounds.stream()
                .map(round -> figure.applyAsDouble(new SuiteResult(suite, title, setting, columns, round, notes)))
                .toList();
    }

    static double median(DoubleStream values) {
        double[] sorted = values.filter(value -> !Double.isNaN(value)).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
