package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.netty.DisposableServer;

/** What a record costs by the number of records in a page; all pages together have always as many. */
final class PageSizes extends GrowthSuite {

    private static final String CPU = "CPU us/record";
    private static final String ALLOCATED = "bytes/record";
    private static final String WALL = "wall us/record";
    private static final String PEAK = "peak RSS MiB";

    private static final int RECORDS = 100_000;
    private static final int FEW_RECORDS = 1_000;
    /** From here on a record is so cheap that it takes more of them to measure. */
    private static final long LARGE_PAGE = 100;

    @Override
    public String name() {
        return "growth-page-size";
    }

    @Override
    public String title() {
        return "What a record costs by the size of its page";
    }

    @Override
    String what() {
        return "records in a page";
    }

    @Override
    List<Long> values(boolean quick) {
        return quick ? List.of(1L, 100L, 1_000L) : List.of(1L, 10L, 100L, 1_000L, 10_000L, 100_000L);
    }

    @Override
    List<String> columns() {
        return List.of(CPU, ALLOCATED, WALL, PEAK);
    }

    @Override
    String heap() {
        return "64m";
    }

    @Override
    String setting(GrowthKnobs knobs) {
        return "Headrace with Jackson, pages by Link header, records of about 255 bytes; passes of " + records(knobs)
                + " records, 1 + 1 of them where pages are smaller than " + LARGE_PAGE + ", else 3 + 6";
    }

    @Override
    List<Cost> costs() {
        return List.of(Cost.each("CPU of a page", CPU), Cost.each("Bytes for a page", ALLOCATED));
    }

    @Override
    List<Goal> otherGoals() {
        return List.of(
                new Goal(
                        "CPU of a record: page of 100,000 / page of 1,000",
                        true,
                        result -> ratioToLargest(result, CPU, 1_000),
                        1.25),
                new Goal(
                        "peak memory: page of 100,000 / page of 1,000",
                        true,
                        result -> ratioToLargest(result, PEAK, 1_000),
                        1.25));
    }

    @Override
    Map<String, List<String>> panels() {
        Map<String, List<String>> panels = new LinkedHashMap<>();
        panels.put("time for a record, us", List.of(CPU, WALL));
        panels.put("allocated on the heap for a record, bytes", List.of(ALLOCATED));
        panels.put("memory of the process, MiB", List.of(PEAK));
        return panels;
    }

    private static int records(GrowthKnobs knobs) {
        return knobs.quick() ? FEW_RECORDS : RECORDS;
    }

    @Override
    DisposableServer serve(long value, GrowthKnobs knobs) {
        return SizedPages.start((int) value, records(knobs));
    }

    @Override
    Tally expected(long value, GrowthKnobs knobs) {
        return ItemBlock.expected(records(knobs) / ItemBlock.ITEMS);
    }

    @Override
    GrowthPoint measure(long value, String url, Tally expected, GrowthKnobs knobs) throws Exception {
        Endpoint<Item> endpoint =
                Endpoint.get("/pages/1").paginate(Pagination.linkHeader()).items("/data/items", Item.class);
        try (Connector connector = Connector.builder(url).build()) {
            Contestant.Pass pass = Contestant.flux(() -> connector.records(endpoint), Item::checksum);
            boolean large = value >= LARGE_PAGE;
            Measurement cost = Passes.measure(pass, expected, large ? 3 : 1, large ? 6 : 1);
            return GrowthPoint.of(cost.cpuMicros(), cost.allocatedBytes(), cost.wallMicros(), cost.residentMebibytes());
        }
    }
}
