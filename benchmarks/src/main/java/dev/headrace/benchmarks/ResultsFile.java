package dev.headrace.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code results.json}: all that a run found, for programs. What is not known is {@code null} there. */
final class ResultsFile {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultsFile() {}

    private record Document(
            String java,
            int processors,
            String processor,
            String system,
            String date,
            String commit,
            List<SuitePart> suites) {}

    private record SuitePart(
            String name,
            String title,
            String setting,
            List<String> columns,
            List<RowPart> rows,
            List<GoalPart> goals,
            List<String> notes,
            List<List<RowPart>> rounds) {}

    private record RowPart(String name, List<@Nullable Double> figures) {}

    private record GoalPart(
            String text,
            boolean floor,
            @Nullable Double figure,
            @Nullable Double least,
            @Nullable Double most,
            boolean met,
            List<@Nullable Double> each) {}

    static String write(Results results) {
        return MAPPER.writeValueAsString(new Document(
                results.java(),
                results.processors(),
                results.processor(),
                results.system(),
                results.date(),
                results.commit(),
                results.suites().stream().map(ResultsFile::part).toList()));
    }

    static Results read(String json) {
        Document document = MAPPER.readValue(json, Document.class);
        return new Results(
                document.java,
                document.processors,
                document.processor,
                document.system,
                document.date,
                document.commit,
                document.suites.stream().map(ResultsFile::found).toList());
    }

    private static SuitePart part(Results.Found found) {
        SuiteResult result = found.result();
        return new SuitePart(
                result.suite(),
                result.title(),
                result.setting(),
                result.columns(),
                parts(result.rows()),
                found.verdicts().stream()
                        .map(verdict -> new GoalPart(
                                verdict.text(),
                                verdict.floor(),
                                known(verdict.figure()),
                                verdict.least(),
                                verdict.most(),
                                verdict.met(),
                                verdict.each().stream()
                                        .<@Nullable Double>map(ResultsFile::known)
                                        .toList()))
                        .toList(),
                result.notes(),
                result.rounds().stream().map(ResultsFile::parts).toList());
    }

    private static Results.Found found(SuitePart part) {
        return new Results.Found(
                new SuiteResult(
                        part.name,
                        part.title,
                        part.setting,
                        part.columns,
                        rows(part.rows),
                        part.notes,
                        part.rounds.stream().map(ResultsFile::rows).toList()),
                part.goals.stream()
                        .map(goal -> new Verdict(
                                goal.text,
                                goal.floor,
                                number(goal.figure),
                                goal.least,
                                goal.most,
                                goal.met,
                                goal.each.stream().map(ResultsFile::number).toList()))
                        .toList());
    }

    private static List<RowPart> parts(List<SuiteResult.Row> rows) {
        return rows.stream()
                .map(row -> new RowPart(
                        row.name(),
                        row.figures().stream()
                                .<@Nullable Double>map(ResultsFile::known)
                                .toList()))
                .toList();
    }

    private static List<SuiteResult.Row> rows(List<RowPart> parts) {
        return parts.stream()
                .map(part -> new SuiteResult.Row(
                        part.name,
                        part.figures.stream().map(ResultsFile::number).toList()))
                .toList();
    }

    /** There is no NaN in JSON, nor are there infinities. */
    private static @Nullable Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static Double number(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
