package dev.headrace.benchmarks;

import java.util.List;

/**
 * What a suite found.
 *
 * @param suite its name
 * @param title what it says, in one line
 * @param setting what was measured under which conditions, in one line
 * @param columns names of the figures, units included
 * @param rows who or what was measured
 * @param notes what a reader should know besides, such as who failed and why
 */
record SuiteResult(
        String suite, String title, String setting, List<String> columns, List<Row> rows, List<String> notes) {

    /**
     * A line of the table.
     *
     * @param name a contestant, or a value of what grows
     * @param figures one for each column; NaN where it is not known
     */
    record Row(String name, List<Double> figures) {}

    /** A figure by the names of its row and column; NaN if there is none. */
    double figure(String row, String column) {
        int index = columns.indexOf(column);
        return rows.stream()
                .filter(each -> each.name().equals(row) && index >= 0)
                .mapToDouble(each -> each.figures().get(index))
                .findFirst()
                .orElse(Double.NaN);
    }
}
