package dev.headrace.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.http.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What derived schemas say for people. M42, M44 */
class SchemaFieldTest {

    @SchemaField(title = "An address", description = "Where it is")
    record Address(String street, @Nullable String city) {}

    record Settings(
            String label,
            @SchemaField(hidden = true, order = 2) String internal,

            @SchemaField(title = "API key", description = "From your profile", order = 0)
            Secret key,

            @SchemaField(secret = true, multiline = true) String pem,

            @SchemaField(multiline = true, order = 1) @JsonProperty("first_note")
            String note,

            @Nullable Secret optional,
            Optional<Secret> maybe,
            List<Secret> keys,
            Map<String, Secret> named,
            Address home,
            @SchemaField(title = "Work") Address work,
            @Nullable Address other,
            @SchemaField(secret = true) List<String> words) {}

    private static final JsonNode SCHEMA =
            JsonSchema.derivedFrom(Settings.class).json();

    @Test
    void saysWhatIsASecretHiddenOrOfSeveralLines() { // M44
        assertThat(property("internal"))
                .isEqualTo(json("{'type':'string','title':'Internal','x-field_type':'HIDDEN','x-order':2}"));
        assertThat(property("pem"))
                .isEqualTo(json("{'type':'string','title':'Pem','x-field_type':'SECRET','writeOnly':true}"));
        assertThat(property("first_note"))
                .isEqualTo(json("{'type':'string','title':'First note','x-field_type':'MULTI_LINES','x-order':1}"));
        assertThat(property("label")).isEqualTo(json("{'type':'string','title':'Label'}"));
    }

    @Test
    void takesASecretForAText() { // M44
        assertThat(property("key"))
                .isEqualTo(json("{'type':'string','minLength':1,'title':'API key','description':'From your profile',"
                        + "'x-field_type':'SECRET','writeOnly':true,'x-order':0}"));
        assertThat(property("optional"))
                .isEqualTo(json("{'type':['string','null'],'minLength':1,'title':'Optional','x-field_type':'SECRET',"
                        + "'writeOnly':true}"));
        assertThat(property("maybe"))
                .isEqualTo(json("{'type':['string','null'],'minLength':1,'title':'Maybe','x-field_type':'SECRET',"
                        + "'writeOnly':true}"));
        assertThat(property("keys").get("items")).isEqualTo(json(SECRET));
        assertThat(property("named").get("additionalProperties")).isEqualTo(json(SECRET));
        JsonNode itself = JsonSchema.derivedFrom(Secret.class).json();
        assertThat(itself.get("x-field_type").stringValue()).isEqualTo("SECRET");
        assertThat(itself.get("type").stringValue()).isEqualTo("string");
    }

    private static final String SECRET = "{'type':'string','minLength':1,'x-field_type':'SECRET','writeOnly':true}";

    @Test
    void doesNotSayOfItemsWhatItSaysOfTheList() {
        assertThat(property("words"))
                .isEqualTo(json("{'type':'array','items':{'type':'string'},'title':'Words','x-field_type':'SECRET',"
                        + "'writeOnly':true}"));
    }

    @Test
    void namesATypeOnceAndItsPropertiesEach() {
        assertThat(SCHEMA.at("/$defs/Address/title").stringValue()).isEqualTo("An address");
        assertThat(SCHEMA.at("/$defs/Address/description").stringValue()).isEqualTo("Where it is");
        assertThat(property("work")).isEqualTo(json("{'$ref':'#/$defs/Address','title':'Work'}"));
        assertThat(property("home")).isEqualTo(json("{'$ref':'#/$defs/Address','title':'Home'}"));
        assertThat(property("other").get("title").stringValue()).isEqualTo("Other");
    }

    @Test
    void putsNumberedPropertiesFirst() { // M42
        assertThat(SCHEMA.get("properties").propertyNames())
                .containsExactly(
                        "key",
                        "first_note",
                        "internal",
                        "label",
                        "pem",
                        "optional",
                        "maybe",
                        "keys",
                        "named",
                        "home",
                        "work",
                        "other",
                        "words");
    }

    @Test
    void admitsWhatTheCodecReads() {
        JsonSchema schema = JsonSchema.derivedFrom(Settings.class);

        assertThat(schema.validate(json("{'key':'k','optional':null,'maybe':null,'keys':['a'],'home':{'street':'x'},"
                        + "'other':null}")))
                .isEmpty();
        assertThat(schema.validate(json("{'key':'','optional':1,'keys':[''],'named':{'a':7},'home':{'street':1}}")))
                .extracting(SchemaViolation::pointer)
                .containsExactlyInAnyOrder("/key", "/optional", "/keys/0", "/named/a", "/home/street");
    }

    /** Annotated at the getter. */
    static final class Bean {

        private String userName = "";

        @SchemaField(description = "Who", order = 3)
        public String getUserName() {
            return userName;
        }

        public void setUserName(String userName) {
            this.userName = userName;
        }
    }

    @Test
    void looksAtGettersToo() {
        assertThat(JsonSchema.derivedFrom(Bean.class).json().at("/properties/userName"))
                .isEqualTo(json("{'type':'string','title':'User name','description':'Who','x-order':3}"));
    }

    @ParameterizedTest
    @CsvSource({
        "user_name, User name",
        "userName, User name",
        "id, Id",
        "accountID, Account ID",
        "HTMLParser, HTML parser",
        "issue-url, Issue url",
        "a.b c, A b c",
        "page2Size, Page2 size",
        "übersicht, Übersicht",
        "$ref, $ref",
        "_, _"
    })
    void makesATitleFromAName(String name, String title) { // M42
        assertThat(PropertyNotes.title(name)).isEqualTo(title);
    }

    private static JsonNode property(String name) {
        return SCHEMA.get("properties").get(name);
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"'));
    }

    record Oddly(@SchemaField(title = "Both") String allOf, String properties) {}

    @Test
    void takesPropertiesThatAreCalledLikeKeywords() {
        assertThat(JsonSchema.derivedFrom(Oddly.class)
                        .json()
                        .at("/properties/allOf/title")
                        .stringValue())
                .isEqualTo("Both");
    }
}
