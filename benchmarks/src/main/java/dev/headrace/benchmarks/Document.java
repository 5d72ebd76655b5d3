package dev.headrace.benchmarks;

import java.util.List;

/** The document that holds the items, for those who read it whole. */
record Document(Data data) {

    record Data(List<Item> items) {}

    List<Item> items() {
        return data.items();
    }
}
