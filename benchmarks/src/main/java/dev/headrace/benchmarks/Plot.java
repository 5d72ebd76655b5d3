package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Draws growth as SVG: panels side by side, logarithmic where figures differ by far. Written here because the SVG of XChart has its colours
 * at each element, so it cannot follow a page that is dark.
 *
 * @param title above all
 * @param along what the horizontal axes show
 */
record Plot(String title, String along) {

    private static final int WIDTH = 400;
    private static final int HEIGHT = 330;
    private static final int LEFT = 66;
    private static final int RIGHT = 18;
    private static final int TOP = 72;
    private static final int BOTTOM = 52;
    private static final int LINE = 15;
    private static final double FAR = 20;
    private static final String STYLE = """
            <style>
            text { font: 12px system-ui, sans-serif; fill: #24292f; }
            .title { font-size: 14px; font-weight: 600; }
            .page { fill: #ffffff; }
            .grid { stroke: #d0d7de; stroke-width: 1; }
            .s0 { stroke: #0969da; } .s1 { stroke: #bc4c00; } .s2 { stroke: #1a7f37; } .s3 { stroke: #8250df; }
            polyline { fill: none; stroke-width: 2; }
            circle { fill: #ffffff; stroke-width: 2; }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; }
            .page { fill: #0d1117; }
            .grid { stroke: #3d444d; }
            .s0 { stroke: #58a6ff; } .s1 { stroke: #f0883e; } .s2 { stroke: #3fb950; } .s3 { stroke: #bc8cff; }
            circle { fill: #0d1117; }
            }
            </style>
            """;

    /** A point; the name is that of its row. */
    record Point(double x, double y, String name) {}

    /** Points that are joined by a line; those that are not known must not be among them. */
    record Series(String name, List<Point> points) {}

    /** A picture of its own; its series share a unit. */
    record Panel(String title, List<Series> series) {}

    String svg(List<Panel> panels) {
        int width = Math.max(1, panels.size()) * WIDTH;
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                width,
                HEIGHT,
                width,
                HEIGHT);
        add(svg, "<title>%s</title>%n", escaped(title));
        svg.append(STYLE);
        add(svg, "<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"6\"/>%n", width, HEIGHT);
        add(svg, "<text class=\"title\" x=\"16\" y=\"24\">%s</text>%n", escaped(title));
        for (int i = 0; i < panels.size(); i++) {
            panel(svg, panels.get(i), i * WIDTH);
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(StringBuilder svg, Panel panel, int offset) {
        List<Point> all = panel.series().stream()
                .flatMap(series -> series.points().stream())
                .toList();
        Axis across = Axis.of(all.stream().mapToDouble(Point::x), false, offset + LEFT, offset + WIDTH - RIGHT);
        Axis up = Axis.of(all.stream().mapToDouble(Point::y), true, HEIGHT - BOTTOM, TOP);
        for (double tick : across.ticks()) {
            double x = across.at(tick);
            add(
                    svg,
                    "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
                    x,
                    TOP,
                    x,
                    HEIGHT - BOTTOM);
            text(svg, x, HEIGHT - BOTTOM + LINE, "middle", number(tick));
        }
        for (double tick : up.ticks()) {
            double y = up.at(tick);
            add(
                    svg,
                    "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>%n",
                    offset + LEFT,
                    y,
                    offset + WIDTH - RIGHT,
                    y);
            text(svg, offset + LEFT - 6, y + 4, "end", number(tick));
        }
        text(svg, offset + (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", along);
        text(svg, offset + LEFT, TOP - 28, "start", panel.title());
        int key = offset + LEFT;
        for (int i = 0; i < panel.series().size(); i++) {
            Series series = panel.series().get(i);
            series(svg, series, "s" + i % 4, across, up);
            if (panel.series().size() > 1) {
                add(
                        svg,
                        "<line class=\"s%d\" stroke-width=\"3\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n",
                        i % 4,
                        key,
                        TOP - 14,
                        key + 14,
                        TOP - 14);
                text(svg, key + 18, TOP - 10, "start", series.name());
                key += 34 + 7 * series.name().length();
            }
        }
    }

    private static void series(StringBuilder svg, Series series, String style, Axis across, Axis up) {
        StringBuilder line = new StringBuilder();
        series.points().forEach(point -> add(line, "%.1f,%.1f ", across.at(point.x()), up.at(point.y())));
        add(
                svg,
                "<polyline class=\"%s\" points=\"%s\"/>%n",
                style,
                line.toString().strip());
        for (Point point : series.points()) {
            add(
                    svg,
                    "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>%s: %s</title></circle>%n",
                    style,
                    across.at(point.x()),
                    up.at(point.y()),
                    escaped(point.name()),
                    number(point.y()));
        }
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        add(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escaped(text));
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Three digits that count, with k, M or G. */
    static String number(double value) {
        double size = Math.abs(value);
        return size >= 1e9
                ? digits(value / 1e9) + "G"
                : size >= 1e6 ? digits(value / 1e6) + "M" : size >= 1e4 ? digits(value / 1e3) + "k" : digits(value);
    }

    private static String digits(double value) {
        double size = Math.abs(value);
        int decimals = size == 0 || size >= 100 ? 0 : (int) Math.max(0, 2 - Math.floor(Math.log10(size)));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    /** Where figures are drawn between two places. */
    private record Axis(double least, double most, boolean logarithmic, double from, double to) {

        private static final int DECADES_WITH_STEPS = 2;

        static Axis of(DoubleStream figures, boolean withZero, double from, double to) {
            double[] sorted = figures.sorted().toArray();
            if (sorted.length == 0) {
                return new Axis(0, 1, false, from, to);
            }
            double least = sorted[0];
            double most = sorted[sorted.length - 1];
            if (least > 0 && most / least > FAR) {
                return new Axis(
                        withZero ? Math.pow(10, Math.floor(Math.log10(least))) : least,
                        withZero ? Math.pow(10, Math.ceil(Math.log10(most))) : most,
                        true,
                        from,
                        to);
            }
            double begin = withZero ? Math.min(0, least) : least;
            double step = step(most - begin);
            double end = withZero ? Math.ceil(most * 1.02 / step) * step : most;
            return new Axis(begin, end > begin ? end : begin + 1, false, from, to);
        }

        double at(double value) {
            double share =
                    logarithmic ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
            return from + share * (to - from);
        }

        List<Double> ticks() {
            List<Double> ticks = new ArrayList<>();
            if (logarithmic) {
                double decades = Math.log10(most / least);
                double[] steps = decades <= DECADES_WITH_STEPS ? new double[] {1, 2, 5} : new double[] {1};
                int every = decades > 7 ? 2 : 1;
                for (int power = (int) Math.floor(Math.log10(least));
                        power <= Math.log10(most) + 1e-9;
                        power += every) {
                    for (double step : steps) {
                        double tick = step * Math.pow(10, power);
                        if (tick >= least * 0.999 && tick <= most * 1.001) {
                            ticks.add(tick);
                        }
                    }
                }
                return ticks;
            }
            double step = step(most - least);
            for (double tick = Math.ceil(least / step) * step; tick <= most + step / 1e6; tick += step) {
                ticks.add(Math.abs(tick) < step / 1e6 ? 0 : tick);
            }
            return ticks;
        }

        /** Four to ten steps over a range, of 1, 2 or 5 times a power of ten. */
        private static double step(double range) {
            if (range <= 0) {
                return 1;
            }
            double power = Math.pow(10, Math.floor(Math.log10(range / 4)));
            double steps = range / 4 / power;
            return power * (steps >= 5 ? 5 : steps >= 2 ? 2 : 1);
        }
    }
}
