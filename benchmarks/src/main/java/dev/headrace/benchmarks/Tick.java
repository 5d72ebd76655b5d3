package dev.headrace.benchmarks;

/** What small events bring: the record that every contestant makes. */
record Tick(String symbol, double price, int size, long at) {

    /** A number that comes out wrong if a value was read wrong. */
    long checksum() {
        return symbol.length() + Math.round(price * 100) + size + at;
    }
}
