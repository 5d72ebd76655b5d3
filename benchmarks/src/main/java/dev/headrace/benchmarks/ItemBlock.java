package dev.headrace.benchmarks;

import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A hundred items, made once and sent over and over. Large bodies are repetitions of it, so a server need not write JSON while it
 * serves.
 */
final class ItemBlock {

    static final int ITEMS = 100;

    private static final List<String> WORDS = List.of(
            "turbine", "gate", "\"B\" grade", "penstock", "weir", "sluice", "café", "surge tank", "runner", "spillway");

    private static final List<Item> BLOCK =
            new Random(42).ints(ITEMS).mapToObj(ItemBlock::item).toList();

    private ItemBlock() {}

    /** The hundred as JSON texts. */
    static List<byte[]> texts() {
        return BLOCK.stream().map(Json::write).toList();
    }

    /** The hundred, each followed by a separator. */
    static byte[] joined(String separator) {
        StringBuilder text = new StringBuilder();
        texts().forEach(item ->
                text.append(new String(item, StandardCharsets.UTF_8)).append(separator));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The hundred with the first at the end, with a separator between. */
    static byte[] rotated(String separator) {
        List<byte[]> texts = new ArrayList<>(texts());
        Collections.rotate(texts, -1);
        return texts.stream()
                .map(item -> new String(item, StandardCharsets.UTF_8))
                .collect(Collectors.joining(separator))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** How many blocks are read in a pass; always whole ones, and one at least. */
    static int blocks(Knobs knobs) {
        return Math.max(1, knobs.items() / ITEMS);
    }

    /** What reading them must have seen. */
    static Tally expected(Knobs knobs) {
        return expected(blocks(knobs));
    }

    static Tally expected(int blocks) {
        long sum = BLOCK.stream().mapToLong(Item::checksum).sum();
        return new Tally((long) blocks * ITEMS, blocks * sum);
    }

    private static Item item(int seed) {
        Random random = new Random(seed);
        return new Item(
                1_000_000_000L + random.nextInt(1_000_000_000),
                String.format("SKU-%08d", random.nextInt(100_000_000)),
                words(random, 3),
                random.nextInt(1_000_000) / 100.0,
                random.nextInt(1_000),
                random.nextBoolean(),
                new Item.Supplier(random.nextInt(100_000), words(random, 1) + " works", "NL"),
                IntStream.range(0, 1 + random.nextInt(3))
                        .mapToObj(i -> words(random, 1))
                        .toList(),
                String.format("2026-11-%02dT%02d:00:00Z", 1 + random.nextInt(28), random.nextInt(24)));
    }

    private static String words(Random random, int count) {
        return String.join(
                " ", random.ints(count, 0, WORDS.size()).mapToObj(WORDS::get).toList());
    }
}
