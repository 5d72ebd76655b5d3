package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What was found, for people. */
final class Markdown {

    private Markdown() {}

    /** A suite's table and what became of its goals, without a heading. */
    static String part(Results.Found found) {
        SuiteResult result = found.result();
        StringBuilder text = new StringBuilder();
        text.append(table(result)).append('\n');
        for (Verdict verdict : found.verdicts()) {
            text.append("- ").append(line(verdict)).append('\n');
        }
        for (String note : result.notes()) {
            text.append("- ").append(note).append('\n');
        }
        if (!found.verdicts().isEmpty() || !result.notes().isEmpty()) {
            text.append('\n');
        }
        return text.append(result.setting()).append(".\n").toString();
    }

    /** All parts with their headings, and all goals in the end. */
    static String report(Results results) {
        StringBuilder text = new StringBuilder("# Measured " + results.date() + " at " + results.commit() + "\n");
        for (Results.Found found : results.suites()) {
            text.append("\n## ")
                    .append(found.result().suite())
                    .append("\n\n")
                    .append(found.result().title())
                    .append(".\n\n")
                    .append(part(found));
        }
        return text.append("\n## Goals\n\n").append(goals(results)).toString();
    }

    /** All goals of all suites, and how many are met. */
    static String goals(Results results) {
        List<String> lines =
                new ArrayList<>(List.of("| suite | kind | goal | bound | figure | |", "|---|---|---|---|---|---|"));
        int[] met = new int[2];
        int[] always = new int[2];
        int[] all = new int[2];
        for (Results.Found found : results.suites()) {
            for (Verdict verdict : found.verdicts()) {
                lines.add(row(List.of(
                        found.result().suite(),
                        kind(verdict),
                        verdict.text(),
                        verdict.bound(),
                        number(verdict.figure()) + rounds(verdict),
                        emphasized(verdict))));
                int kind = verdict.floor() ? 0 : 1;
                all[kind]++;
                met[kind] += verdict.met() ? 1 : 0;
                always[kind] += verdict.isMetAlways() ? 1 : 0;
            }
        }
        if (all[0] + all[1] == 0) {
            return "None was judged.\n";
        }
        lines.add("");
        lines.add("Floors: " + met[0] + " of " + all[0] + " met, " + always[0] + " in every round. Moonshots: " + met[1]
                + " of " + all[1] + " met, " + always[1] + " in every round.");
        return String.join("\n", lines) + "\n";
    }

    private static String table(SuiteResult result) {
        StringBuilder text = new StringBuilder(row(List.of("", String.join(" | ", result.columns()))));
        text.append("\n|---").append("|---:".repeat(result.columns().size())).append("|\n");
        for (SuiteResult.Row row : result.rows()) {
            List<String> cells = new ArrayList<>(List.of(row.name().replace("|", "\\|")));
            row.figures().forEach(figure -> cells.add(number(figure)));
            text.append(row(cells)).append('\n');
        }
        return text.toString();
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String line(Verdict verdict) {
        return kind(verdict) + ": " + verdict.text() + ", " + verdict.bound() + ": " + number(verdict.figure())
                + rounds(verdict) + ", " + emphasized(verdict);
    }

    /** What was found in each round, if there were several. */
    private static String rounds(Verdict verdict) {
        return verdict.each().size() < 2
                ? ""
                : verdict.each().stream().map(Markdown::number).collect(Collectors.joining("; ", " (", ")"));
    }

    private static String kind(Verdict verdict) {
        return verdict.floor() ? "floor" : "moonshot";
    }

    private static String emphasized(Verdict verdict) {
        return verdict.floor() && !verdict.isMetAlways() ? "**" + verdict.word() + "**" : verdict.word();
    }

    /** Three digits that say something; {@code -} where nothing is known. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }
}
