package dev.headrace.airbyte;

import static dev.headrace.airbyte.Trees.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.JsonSchema;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code SPEC}: what a configuration looks like. */
class AirbyteSpecTest {

    private static final NumberStream STREAM = new NumberStream("numbers", 3, 3);

    private static JsonNode spec(String schema) {
        AirbyteSource source = AirbyteSource.of(
                Numbers.builder(STREAM).config(JsonSchema.of(json(schema))).build());
        return source.spec().blockOptional(Duration.ofSeconds(10)).orElseThrow();
    }

    private static JsonNode marked(String schema) {
        return spec(schema).at("/spec/connectionSpecification");
    }

    @Test
    void saysTheSchemaOfTheConfiguration() {
        assertThat(spec("{'type':'object','properties':{'repo':{'type':'string'}},'required':['repo']}"))
                .isEqualTo(json(
                        "{'type':'SPEC','spec':{'protocol_version':'0.2.0','connectionSpecification':{'type':'object',"
                                + "'properties':{'repo':{'type':'string'}},'required':['repo']}}}"));
    }

    @Test
    void saysThatAnyObjectWillDoWhereThereIsNoSchema() {
        JsonNode open = json("{'type':'object','additionalProperties':true}");

        assertThat(Numbers.source(STREAM)
                        .documentationUrl(URI.create("https://example.com/numbers"))
                        .spec()
                        .block(Duration.ofSeconds(10)))
                .isEqualTo(json("{'type':'SPEC','spec':{'protocol_version':'0.2.0',"
                        + "'documentationUrl':'https://example.com/numbers','connectionSpecification':" + open + "}}"));
        assertThat(marked("true")).isEqualTo(open);
    }

    @Test
    void marksSecretsWhereverSchemasAre() {
        for (String secret : new String[] {"'writeOnly':true", "'format':'password'", "'x-field_type':'SECRET'"}) {
            String plain = "{'type':'string'," + secret + "}";
            String marked = "{'type':'string'," + secret + ",'airbyte_secret':true}";
            String schema = "{'properties':{'token':$,'list':{'items':$},'pair':{'prefixItems':[$]},"
                    + "'one':{'oneOf':[{'properties':{'key':$}},{'$ref':'#/$defs/other'}]}},"
                    + "'additionalProperties':$,'$defs':{'other':$}}";

            assertThat(marked(schema.replace("$,", plain + ",")
                            .replace("$}", plain + "}")
                            .replace("$]", plain + "]")))
                    .isEqualTo(json(schema.replace("$,", marked + ",")
                            .replace("$}", marked + "}")
                            .replace("$]", marked + "]")));
        }
    }

    @Test
    void keepsWhatIsMarkedInTheProtocolsWords() {
        String schema = "{'properties':{'token':{'type':'string','airbyte_secret':true}}}";

        assertThat(marked(schema)).isEqualTo(json(schema));
    }

    @Test
    void marksNoValuesAndNoNames() {
        String schema = "{'type':'object','default':{'writeOnly':true},'properties':{'writeOnly':true,"
                + "'format':{'enum':[{'format':'password'}]},'shown':{'writeOnly':false,'format':'date'}}}";

        assertThat(marked(schema)).isEqualTo(json(schema));
    }

    @Test
    void saysInTheProtocolsWordsHowTheFormLooks() {
        assertThat(marked("{'properties':{'a':{'x-field_type':'HIDDEN','x-order':2},"
                        + "'b':{'x-field_type':'MULTI_LINES','x-order':1}}}"))
                .isEqualTo(json("{'properties':{"
                        + "'a':{'x-field_type':'HIDDEN','x-order':2,'airbyte_hidden':true,'order':2},"
                        + "'b':{'x-field_type':'MULTI_LINES','x-order':1,'multiline':true,'order':1}}}"));
    }

    @Test
    void leavesTheSourcesSchemaAsItIs() {
        JsonSchema schema = JsonSchema.of(json("{'properties':{'token':{'writeOnly':true}}}"));
        AirbyteSource.of(Numbers.builder(STREAM).config(schema).build()).spec().block(Duration.ofSeconds(10));

        assertThat(schema.json()).isEqualTo(json("{'properties':{'token':{'writeOnly':true}}}"));
    }
}
