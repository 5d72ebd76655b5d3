package dev.headrace.cli;

import dev.headrace.sse.EventStream;
import dev.headrace.sse.SseEvent;
import dev.headrace.state.StateStore;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The file that keeps how far the events were written. An id is saved when its line has left this process, never before. */
final class EventCheckpoint {

    private final StateStore store;
    private final String key;
    private @Nullable SseEvent last;
    private String savedId = "";

    /**
     * @param file where the id is kept
     * @param key names what belongs to it in messages
     */
    EventCheckpoint(Path file, String key) {
        this.store = StateStore.inFile(file);
        this.key = key;
    }

    EventStream resuming(EventStream stream) {
        return stream.resumeFrom(store, key);
    }

    void written(SseEvent event) {
        last = event;
    }

    void save() {
        SseEvent event = last;
        if (event == null || event.id().equals(savedId)) {
            return;
        }
        Optional<JsonNode> position = event.position();
        if (position.isPresent()) {
            store.save(key, position.get()).block();
            savedId = event.id();
        }
    }
}
