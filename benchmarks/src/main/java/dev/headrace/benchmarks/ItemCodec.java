package dev.headrace.benchmarks;

import dev.headrace.json.Codec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a generated codec for {@link Item} would look like: properties in any order, unknown ones skipped, missing ones an error.
 */
final class ItemCodec implements Codec<Item> {

    private static final byte[][] ITEM =
            JsonRange.names("id", "sku", "title", "price", "quantity", "available", "supplier", "tags", "updatedAt");
    private static final byte[][] SUPPLIER = JsonRange.names("id", "name", "country");
    private static final int ALL_OF_ITEM = (1 << ITEM.length) - 1;
    private static final int ALL_OF_SUPPLIER = (1 << SUPPLIER.length) - 1;

    @Override
    public Item decode(byte[] bytes, int from, int to) {
        JsonRange json = new JsonRange(bytes, from, to);
        Item item = item(json);
        json.end();
        return item;
    }

    private static Item item(JsonRange json) {
        long id = 0;
        String sku = "";
        String title = "";
        double price = 0;
        int quantity = 0;
        boolean available = false;
        Item.@Nullable Supplier supplier = null;
        List<String> tags = List.of();
        String updatedAt = "";
        int seen = 0;
        int expected = 0;
        boolean first = true;
        json.open('{');
        while (json.more(first, '}')) {
            first = false;
            int property = json.property(ITEM, expected);
            switch (property) {
                case 0 -> id = json.integer();
                case 1 -> sku = json.text();
                case 2 -> title = json.text();
                case 3 -> price = json.decimal();
                case 4 -> quantity = Math.toIntExact(json.integer());
                case 5 -> available = json.flag();
                case 6 -> supplier = supplier(json);
                case 7 -> tags = tags(json);
                case 8 -> updatedAt = json.text();
                default -> json.skip();
            }
            if (property >= 0) {
                seen |= 1 << property;
                expected = property + 1;
            }
        }
        if (seen != ALL_OF_ITEM || supplier == null) {
            throw json.failure("a property is missing");
        }
        return new Item(id, sku, title, price, quantity, available, supplier, tags, updatedAt);
    }

    private static Item.Supplier supplier(JsonRange json) {
        long id = 0;
        String name = "";
        String country = "";
        int seen = 0;
        int expected = 0;
        boolean first = true;
        json.open('{');
        while (json.more(first, '}')) {
            first = false;
            int property = json.property(SUPPLIER, expected);
            switch (property) {
                case 0 -> id = json.integer();
                case 1 -> name = json.text();
                case 2 -> country = json.text();
                default -> json.skip();
            }
            if (property >= 0) {
                seen |= 1 << property;
                expected = property + 1;
            }
        }
        if (seen != ALL_OF_SUPPLIER) {
            throw json.failure("a property is missing");
        }
        return new Item.Supplier(id, name, country);
    }

    private static List<String> tags(JsonRange json) {
        List<String> tags = new ArrayList<>(4);
        boolean first = true;
        json.open('[');
        while (json.more(first, ']')) {
            first = false;
            tags.add(json.text());
        }
        return Collections.unmodifiableList(tags);
    }
}
