package dev.headrace.cli;

import dev.headrace.state.StateStore;
import dev.headrace.stream.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The file that keeps the state. It is saved when the checkpoint's line has left this process, never before. */
final class StateFile {

    private static final String KEY = "state";

    private final StateStore store;
    private @Nullable Checkpoint<JsonNode> last;

    StateFile(Path file) {
        store = StateStore.inFile(file);
    }

    @Nullable
    JsonNode load(Shell shell) {
        List<JsonNode> found = new ArrayList<>();
        shell.write(store.load(KEY), (out, json) -> found.add(json));
        return found.isEmpty() ? null : found.get(0);
    }

    void written(Checkpoint<JsonNode> checkpoint) {
        last = checkpoint;
    }

    /** Whether there was something to save. */
    boolean save() {
        Checkpoint<JsonNode> checkpoint = last;
        if (checkpoint == null) {
            return false;
        }
        last = null;
        store.save(KEY, checkpoint.state()).block();
        return true;
    }
}
