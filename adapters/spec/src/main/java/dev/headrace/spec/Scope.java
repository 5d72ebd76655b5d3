package dev.headrace.spec;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What expressions see while a source is read.
 *
 * @param config what the user has configured
 * @param slice the values of the slice, an object
 * @param state the stream's state; missing if there is none
 * @param page the number of the page, from 1
 * @param now the moment the reading began, the same for all of it
 * @param secrets where secrets come from
 */
record Scope(JsonNode config, JsonNode slice, JsonNode state, int page, Instant now, SecretSource secrets) {

    static Scope of(JsonNode config, SecretSource secrets) {
        Instant now = Instant.ofEpochMilli(Schedulers.parallel().now(TimeUnit.MILLISECONDS));
        return new Scope(config, JsonNodeFactory.instance.objectNode(), MissingNode.getInstance(), 1, now, secrets);
    }

    Scope state(JsonNode state) {
        return new Scope(config, slice, state, page, now, secrets);
    }

    Scope slice(JsonNode slice) {
        return new Scope(config, slice, state, page, now, secrets);
    }

    Scope page(JsonNode slice, JsonNode state, int page) {
        return new Scope(config, slice, state, page, now, secrets);
    }

    JsonNode of(Root root) {
        return switch (root) {
            case CONFIG -> config;
            case SLICE -> slice;
            case STATE -> state;
            case PAGE -> {
                ObjectNode number = JsonNodeFactory.instance.objectNode();
                yield number.put("number", page);
            }
        };
    }
}
