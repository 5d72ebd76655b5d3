package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;

/**
 * How a cost grows with something: a point for each of its values, each in a process of its own, in rounds that take turns, and a table of
 * the medians.
 */
abstract class GrowthSuite implements PlottedSuite {

    /**
     * A cost that must not grow faster than what it is for.
     *
     * @param what the cost, such as {@code CPU of an event}
     * @param column where it stands
     * @param perUnit whether the column has the cost of one of so many; then that many times it is the cost
     * @param from the least value that counts
     */
    record Cost(String what, String column, boolean perUnit, long from) {

        /** Of all so many, and the column has that. */
        static Cost whole(String what, String column) {
            return new Cost(what, column, false, 0);
        }

        /** Of all so many, and the column has that of one. */
        static Cost each(String what, String column) {
            return new Cost(what, column, true, 0);
        }

        Cost from(long least) {
            return new Cost(what, column, perUnit, least);
        }
    }

    /** All there are. */
    static List<GrowthSuite> all() {
        return List.of(
                new EventSizes(),
                new PageSizes(),
                new IdleStreams(),
                new BusyStreams(),
                new Slices(),
                new Interceptors(),
                new Journals());
    }

    /** What grows, with its unit, such as {@code streams}. */
    abstract String what();

    /** Its values, in order. */
    abstract List<Long> values(boolean quick);

    /** A value as the name of a row. */
    String label(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    abstract List<String> columns();

    /** Largest heap of a point's process, unless {@code -Dheap} says otherwise. */
    abstract String heap();

    /** What was measured under which conditions. */
    abstract String setting(GrowthKnobs knobs);

    /** Starts what a point reads from, in the process of the suite; null for nothing. */
    abstract @Nullable DisposableServer serve(long value, GrowthKnobs knobs);

    /**
     * What a pass of a point must read. It is worked out in the process of the suite, for what is made on the way would be in the peak memory
     * of the point's.
     */
    Tally expected(long value, GrowthKnobs knobs) {
        return Tally.NOTHING;
    }

    /**
     * Measures one point, in its own process.
     *
     * @param url of what {@link #serve} started
     * @param expected what {@link #expected} said
     */
    abstract GrowthPoint measure(long value, String url, Tally expected, GrowthKnobs knobs) throws Exception;

    /** What must be linear or better. */
    abstract List<Cost> costs();

    /** What else must hold. */
    List<Goal> otherGoals() {
        return List.of();
    }

    /** What to say of a result that the figures alone do not. */
    List<String> remarks(SuiteResult result) {
        return List.of();
    }

    @Override
    public final List<Goal> goals() {
        List<Goal> goals = new ArrayList<>();
        for (Cost cost : costs()) {
            goals.add(new Goal(
                    cost.what() + ": exponent of its growth with " + what() + from(cost),
                    true,
                    result -> trend(cost, result).steeper(),
                    Trend.LINEAR));
        }
        goals.addAll(otherGoals());
        return goals;
    }

    @Override
    public final SuiteResult run() throws InterruptedException {
        GrowthKnobs knobs = GrowthKnobs.of(this);
        double load = Comparison.load();
        List<Map<Long, GrowthPoint>> rounds = new ArrayList<>();
        Map<Long, String> failures = new LinkedHashMap<>();
        for (int i = 0; i < knobs.rounds(); i++) {
            Map<Long, GrowthPoint> round = new LinkedHashMap<>();
            for (long value : values(knobs.quick())) {
                if (!failures.containsKey(value)) {
                    try {
                        round.put(value, turn(value, knobs));
                    } catch (Turn.FailedException e) {
                        failures.put(value, String.valueOf(e.getMessage()));
                    }
                }
            }
            rounds.add(round);
        }
        rounds.forEach(round -> round.keySet().removeAll(failures.keySet()));
        return result(knobs, rounds, failures, load);
    }

    private GrowthPoint turn(long value, GrowthKnobs knobs) throws Turn.FailedException, InterruptedException {
        DisposableServer server = serve(value, knobs);
        try {
            return GrowthTurn.give(this, value, Comparison.url(server), knobs);
        } finally {
            if (server != null) {
                server.disposeNow();
            }
        }
    }

    private SuiteResult result(
            GrowthKnobs knobs, List<Map<Long, GrowthPoint>> rounds, Map<Long, String> failures, double load) {
        String setting = String.format(
                Locale.ROOT,
                "%s, load %.1f before and %.1f after; %d rounds, heap %s; %s",
                Machine.description(),
                load,
                Comparison.load(),
                knobs.rounds(),
                knobs.heap(),
                setting(knobs));
        List<List<SuiteResult.Row>> tables =
                rounds.stream().map(round -> rows(knobs, round)).toList();
        SuiteResult table = SuiteResult.ofRounds(name(), title(), setting, columns(), tables, List.of());
        List<String> notes = new ArrayList<>();
        costs().forEach(cost -> notes.add(verdict(cost, table)));
        notes.addAll(remarks(table));
        failures.forEach((value, why) -> notes.add(label(value) + " failed: " + why));
        if (!rounds.isEmpty()) {
            rounds.get(rounds.size() - 1)
                    .forEach((value, point) -> point.notes().forEach(note -> notes.add(label(value) + ": " + note)));
        }
        return new SuiteResult(name(), title(), setting, columns(), table.rows(), List.copyOf(notes), tables);
    }

    /** What has failed has a row as well: without figures. */
    private List<SuiteResult.Row> rows(GrowthKnobs knobs, Map<Long, GrowthPoint> round) {
        GrowthPoint failed = GrowthPoint.of(
                columns().stream().mapToDouble(column -> Double.NaN).toArray());
        return values(knobs.quick()).stream()
                .map(value -> new SuiteResult.Row(
                        label(value), round.getOrDefault(value, failed).figures()))
                .toList();
    }

    private String verdict(Cost cost, SuiteResult result) {
        Trend trend = trend(cost, result);
        return cost.what() + from(cost) + ", linear or better: " + yesOrNo(trend.steeper()) + " (" + trend + ")";
    }

    private static String yesOrNo(double exponent) {
        return Double.isNaN(exponent) ? "not known" : exponent <= Trend.LINEAR ? "yes" : "no";
    }

    private String from(Cost cost) {
        return cost.from() == 0 ? "" : " from " + label(cost.from());
    }

    /** How a cost grows in a result. */
    final Trend trend(Cost cost, SuiteResult result) {
        List<Double> sizes = new ArrayList<>();
        List<Double> costs = new ArrayList<>();
        for (long value : known(result)) {
            if (value < cost.from()) {
                continue;
            }
            double figure = result.figure(label(value), cost.column());
            sizes.add((double) value);
            costs.add(cost.perUnit() ? figure * value : figure);
        }
        return Trend.of(sizes, costs);
    }

    /** The values that have a row in a result. */
    final List<Long> known(SuiteResult result) {
        List<String> names = result.rows().stream().map(SuiteResult.Row::name).toList();
        List<Long> all = new ArrayList<>(values(false));
        values(true).stream().filter(value -> !all.contains(value)).forEach(all::add);
        return all.stream()
                .filter(value -> names.contains(label(value)))
                .sorted()
                .toList();
    }

    /** The figure of the largest value, divided by that of another; NaN where only small sizes were measured. */
    final double ratioToLargest(SuiteResult result, String column, long than) {
        List<Long> values = values(false);
        return result.ratio(label(values.get(values.size() - 1)), label(than), column);
    }

    @Override
    public final String plot(SuiteResult result) {
        List<Plot.Panel> panels = new ArrayList<>();
        panels().forEach((title, columns) -> panels.add(new Plot.Panel(
                title, columns.stream().map(column -> series(result, column)).toList())));
        return new Plot(title(), what()).svg(panels);
    }

    private Plot.Series series(SuiteResult result, String column) {
        return new Plot.Series(
                column,
                known(result).stream()
                        .map(value -> new Plot.Point(value, result.figure(label(value), column), label(value)))
                        .filter(point -> Double.isFinite(point.y()))
                        .toList());
    }

    /** What is drawn: titles of panels, and the columns in each, which share a unit. */
    abstract Map<String, List<String>> panels();
}
