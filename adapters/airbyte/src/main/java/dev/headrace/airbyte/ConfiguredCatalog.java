package dev.headrace.airbyte;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.stream.StreamSelection;
import dev.headrace.stream.SyncMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Which streams are to be read, and how ({@code ConfiguredAirbyteCatalog}). Cursor and key are the source's own, so those in the catalog are
 * not looked at; what becomes of records at the destination is not the source's business.
 */
final class ConfiguredCatalog {

    private ConfiguredCatalog() {}

    /**
     * A stream that is to be read.
     *
     * @param descriptor which
     * @param mode how
     */
    record Stream(StreamDescriptor descriptor, SyncMode mode) {

        StreamSelection selection() {
            return new StreamSelection(descriptor.name(), mode);
        }
    }

    /** In the catalog's order; errors with a {@link HeadraceException} of kind CONFIGURATION. */
    static List<Stream> read(JsonNode catalog) {
        JsonNode streams = catalog.path("streams");
        if (!streams.isArray()) {
            throw wrong("must be an object with a list 'streams'");
        }
        Map<String, Stream> byName = new LinkedHashMap<>();
        int position = 0;
        for (JsonNode configured : streams) {
            Stream stream = stream(configured, position++);
            // A source has no two streams of one name, whatever their namespaces.
            if (byName.put(stream.descriptor().name(), stream) != null) {
                throw wrong("names stream '" + stream.descriptor().name() + "' twice");
            }
        }
        return new ArrayList<>(byName.values());
    }

    private static Stream stream(JsonNode configured, int position) {
        StreamDescriptor descriptor = StreamDescriptor.of(configured.path("stream"));
        if (descriptor == null) {
            throw wrong("has no name for the stream at /streams/" + position + "/stream/name");
        }
        String mode = configured.path("sync_mode").stringValue("");
        for (SyncMode known : SyncMode.values()) {
            if (mode.equals(Catalog.word(known))) {
                return new Stream(descriptor, known);
            }
        }
        throw wrong((mode.isEmpty() ? "has no sync_mode" : "has the sync_mode '" + mode + "'") + " for stream '"
                + descriptor.name() + "'; it must be full_refresh or incremental");
    }

    private static HeadraceException wrong(String what) {
        return new HeadraceException(FailureKind.CONFIGURATION, "The configured catalog " + what, null);
    }
}
