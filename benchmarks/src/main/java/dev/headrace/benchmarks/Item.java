package dev.headrace.benchmarks;

import java.util.List;

/** The record that every contestant makes: texts, numbers of both kinds, a flag, a nested object and an array. */
record Item(
        long id,
        String sku,
        String title,
        double price,
        int quantity,
        boolean available,
        Supplier supplier,
        List<String> tags,
        String updatedAt) {

    record Supplier(long id, String name, String country) {}

    /** A number that comes out wrong if a value on any level was read wrong. */
    long checksum() {
        return id + quantity + supplier.id() + Math.round(price * 100) + tags.size() + title.length();
    }
}
