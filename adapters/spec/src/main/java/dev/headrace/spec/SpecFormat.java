package dev.headrace.spec;

import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Scalars.whole;

/** The whole format: a section for each part, a line for each key. */
final class SpecFormat {

    static final long VERSION = 1;

    static final Section<SpecForm> SPEC = Section.of("spec", "A source of streams.", SpecForm.NONE)
            .required(
                    "headrace",
                    "The version of this format: 1.",
                    whole().map(SpecFormat::version),
                    (form, version) -> form)
            .required("name", "The source's name.", text(), SpecForm::name)
            .key("config", "What a configuration looks like: a JSON Schema.", SchemaFormat.SCHEMA, SpecForm::config)
            .required("connector", "The remote API.", ConnectorFormat.CONNECTOR, SpecForm::connector)
            .required(
                    "streams", "The streams by their names.", Shapes.readable(StreamFormat.STREAM), SpecForm::streams);

    private static long version(long version) {
        if (version != VERSION) {
            throw new IllegalArgumentException("there is no version " + version + " of this format, only " + VERSION);
        }
        return version;
    }

    private SpecFormat() {}
}
