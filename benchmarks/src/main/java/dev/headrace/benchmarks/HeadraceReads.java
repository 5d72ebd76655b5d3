package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.decode.Decoder;
import dev.headrace.json.Codec;
import dev.headrace.pagination.Pagination;

/** This library, with Jackson and with a codec written for the items; a connector with nothing but defaults. */
final class HeadraceReads {

    private HeadraceReads() {}

    static Contestant.Preparation document() {
        return records(Endpoint.get("/document").items("/data/items", Item.class));
    }

    static Contestant.Preparation documentByCodec() {
        return records(Endpoint.get("/document").decode(Decoder.items("/data/items", new ItemCodec())));
    }

    static Contestant.Preparation lines() {
        return records(Endpoint.get("/lines").decode(Decoder.ndjson(Codec.of(Item.class))));
    }

    static Contestant.Preparation linesByCodec() {
        return records(Endpoint.get("/lines").decode(Decoder.ndjson(new ItemCodec())));
    }

    static Contestant.Preparation pages() {
        return records(
                Endpoint.get("/pages/1").paginate(Pagination.linkHeader()).items("/data/items", Item.class));
    }

    static Contestant.Preparation pagesByCodec() {
        return records(Endpoint.get("/pages/1")
                .paginate(Pagination.linkHeader())
                .decode(Decoder.items("/data/items", new ItemCodec())));
    }

    private static Contestant.Preparation records(Endpoint<Item> endpoint) {
        return (url, knobs) -> {
            Connector connector = Connector.builder(url).build();
            return Contestant.flux(() -> connector.records(endpoint), Item::checksum);
        };
    }
}
