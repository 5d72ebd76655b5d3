package dev.headrace.spec;

import static dev.headrace.spec.Scalars.integer;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Shapes.list;

import dev.headrace.decode.CsvFormat;
import dev.headrace.decode.Decoder;
import dev.headrace.json.Codec;
import java.nio.charset.Charset;
import tools.jackson.databind.JsonNode;

/** The part of the format that says how a page's body becomes items. */
final class DecoderFormat {

    private static final Shape<CsvFormat> CSV = Section.of("csv", "How a CSV document is written.", CsvFormat.rfc4180())
            .key(
                    "separator",
                    "What stands between two fields; default a comma.",
                    text().map(DecoderFormat::character),
                    CsvFormat::separator)
            .key(
                    "columns",
                    "The columns of a document without a row of names.",
                    list(text()),
                    (csv, columns) -> csv.columns(columns.toArray(String[]::new)))
            .flag("allow_short_rows", "Rows may have fewer fields than there are columns.", CsvFormat::allowShortRows)
            .key("charset", "The document's charset; default UTF-8.", text().map(Charset::forName), CsvFormat::charset)
            .key("row_limit", "Most bytes of one row; default 8 MiB.", integer(), CsvFormat::rowLimit);

    static final Shape<Items> FORMAT = Section.<Items>ofKinds("format", "How a page's body is written; default json.")
            .word("json", "One JSON document; 'items' says where the items are.", () -> Items.JSON)
            .word("single", "One JSON document that is the only item.", () -> new Items(Decoder.single(Codec.tree())))
            .word("ndjson", "A JSON value on each line.", () -> new Items(Decoder.ndjson(Codec.tree())))
            .word(
                    "json_sequence",
                    "JSON text sequences (RFC 7464).",
                    () -> new Items(Decoder.jsonSequence(Codec.tree())))
            .word("csv", "Rows of comma-separated values.", () -> new Items(Decoder.csv(CsvFormat.rfc4180())))
            .kind("csv", "Rows of separated values.", CSV, csv -> new Items(Decoder.csv(csv)));

    /**
     * How items are read.
     *
     * @param decoder reads them wherever they are
     */
    record Items(Decoder<JsonNode> decoder) {

        static final Items JSON = new Items(Decoder.items("", Codec.tree()));

        /** Whether they have a place of their own in the document. */
        boolean havePlace() {
            return equals(JSON);
        }

        Decoder<JsonNode> at(String pointer) {
            return havePlace() ? Decoder.items(pointer, Codec.tree()) : decoder;
        }
    }

    private static char character(String text) {
        if (text.equals("tab")) {
            return '\t';
        }
        if (text.length() != 1) {
            throw new IllegalArgumentException("expected one character, or 'tab', but found '" + text + "'");
        }
        return text.charAt(0);
    }

    private DecoderFormat() {}
}
