package dev.headrace.state;

import dev.headrace.json.Json;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Keeps documents written out: that is the copy the contract asks for, and what comes back has the nodes that a file would give. */
final class MemoryStateStore implements StateStore {

    private final ConcurrentHashMap<String, byte[]> documents = new ConcurrentHashMap<>();

    @Override
    public Mono<JsonNode> load(String key) {
        return Mono.fromSupplier(() -> documents.get(StateFileName.checked(key)))
                .map(Json::tree);
    }

    @Override
    public Mono<Void> save(String key, JsonNode state) {
        return Mono.fromRunnable(() -> documents.put(StateFileName.checked(key), Json.write(state)));
    }

    @Override
    public Mono<Void> delete(String key) {
        return Mono.fromRunnable(() -> documents.remove(StateFileName.checked(key)));
    }
}
