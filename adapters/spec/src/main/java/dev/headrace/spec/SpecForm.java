package dev.headrace.spec;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A spec as it was read.
 *
 * @param name the source's name
 * @param config what a configuration looks like
 * @param connector the remote
 * @param streams its streams by name, without what is wrong in them
 */
record SpecForm(
        String name,
        SchemaFormat.@Nullable Written config,
        ConnectorForm connector,
        Map<String, Located<StreamForm>> streams) {

    static final SpecForm NONE = new SpecForm("", null, ConnectorForm.NONE, Map.of());

    SpecForm name(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("is blank; a source needs a name");
        }
        return new SpecForm(name, config, connector, streams);
    }

    SpecForm config(SchemaFormat.Written config) {
        return new SpecForm(name, config, connector, streams);
    }

    SpecForm connector(ConnectorForm connector) {
        return new SpecForm(name, config, connector, streams);
    }

    SpecForm streams(Map<String, Located<StreamForm>> streams) {
        return new SpecForm(name, config, connector, streams);
    }
}
