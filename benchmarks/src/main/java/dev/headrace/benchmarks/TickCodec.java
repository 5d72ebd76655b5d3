package dev.headrace.benchmarks;

import dev.headrace.json.Codec;

/** What a generated codec for {@link Tick} would look like: properties in any order, unknown ones skipped, missing ones an error. */
final class TickCodec implements Codec<Tick> {

    private static final byte[][] TICK = JsonRange.names("symbol", "price", "size", "at");
    private static final int ALL = (1 << TICK.length) - 1;

    @Override
    public Tick decode(byte[] bytes, int from, int to) {
        JsonRange json = new JsonRange(bytes, from, to);
        String symbol = "";
        double price = 0;
        int size = 0;
        long at = 0;
        int seen = 0;
        int expected = 0;
        boolean first = true;
        json.open('{');
        while (json.more(first, '}')) {
            first = false;
            int property = json.property(TICK, expected);
            switch (property) {
                case 0 -> symbol = json.text();
                case 1 -> price = json.decimal();
                case 2 -> size = Math.toIntExact(json.integer());
                case 3 -> at = json.integer();
                default -> json.skip();
            }
            if (property >= 0) {
                seen |= 1 << property;
                expected = property + 1;
            }
        }
        if (seen != ALL) {
            throw json.failure("a property is missing");
        }
        json.end();
        return new Tick(symbol, price, size, at);
    }
}
