package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What callers give as credentials, and what is wrong with it. M14, M45 */
class CredentialTypesTest {

    private static final Credentials.Basic ANN = new Credentials.Basic("ann", Secret.of("hunter2"));
    private static final CredentialTypes BASIC = CredentialTypes.NONE.single(Credentials.Basic.class);
    private static final CredentialTypes TOKEN = CredentialTypes.NONE.single(Credentials.Token.class);
    private static final CredentialTypes SEVERAL = CredentialTypes.NONE
            .with("crm", Credentials.Basic.class, false)
            .with("files", Credentials.Token.class, true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'auth':{'username':'ann','password':'hunter2'}}",
                "{'auth':{'model':'basic','username':'ann','password':'hunter2','more':1}}",
                "{'auth':{'model':null,'username':'ann','password':'hunter2'},'credentials':null}",
                "{'auth':{'basic':{'username':'ann','password':'hunter2'}}}",
                "{'credentials':[{'username':'ann','password':'hunter2'}]}",
                "{'credentials':[{'id':null,'basic':{'username':'ann','password':'hunter2'}}]}"
            })
    void takesOneKindInEveryForm(String document) { // M14
        assertThat(BASIC.read(json(document))).isEqualTo(Map.of("", ANN));
    }

    @Test
    void doesNotTakeAMemberForAModel() {
        Credentials.Token token = new Credentials.Token(Secret.of("abc"));

        assertThat(TOKEN.read(json("{'auth':{'token':'abc'}}"))).isEqualTo(Map.of("", token));
        assertThat(TOKEN.read(json("{'auth':{'token':{'token':'abc'}}}"))).isEqualTo(Map.of("", token));
    }

    @Test
    void takesSeveralByTheirIds() { // M45
        Map<String, Credentials> given = SEVERAL.read(json("{'credentials':[{'id':'files','token':'abc'},"
                + "{'id':'crm','basic':{'username':'ann','password':'hunter2'}}]}"));

        assertThat(given).isEqualTo(Map.of("crm", ANN, "files", new Credentials.Token(Secret.of("abc"))));
    }

    @Test
    void doesWithoutThoseThatAreOptional() { // M45
        assertThat(SEVERAL.read(json("{'credentials':[{'id':'crm','username':'ann','password':'hunter2'}]}")))
                .isEqualTo(Map.of("crm", ANN));
        assertThat(CredentialTypes.NONE
                        .with("files", Credentials.Token.class, true)
                        .read(json("{}")))
                .isEmpty();
        assertThat(CredentialTypes.NONE.read(json("{'auth':null}"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | 'auth' is missing; it is of the model 'basic'",
                "{'auth':null} | 'auth' is missing; it is of the model 'basic'",
                "{'auth':'hunter2'} | 'auth' must be an object",
                "{'auth':{},'credentials':[]} | There must be 'auth' or 'credentials', but not both",
                "{'auth':{}} | 'auth/username' is missing; 'auth/password' is missing",
                "{'auth':{'username':'ann','password':''}} | 'auth/password' must not be empty",
                "{'auth':{'username':7,'password':['hunter2']}} | 'auth/username' must be a text; 'auth/password' must be a text",
                "{'auth':{'username':'hunter2:','password':'x'}} | 'auth': username must not hold a colon (RFC 7617 §2)",
                "{'auth':{'basic':{'username':'ann'}}} | 'auth/basic/password' is missing",
                "{'auth':{'model':'token','token':'hunter2'}} | 'auth/model' must be 'basic'",
                "{'auth':{'model':7}} | 'auth/model' must be 'basic'",
                "{'auth':{'token':{'token':'hunter2'}}} | 'auth' must be of the model 'basic' and no other",
                "{'auth':{'basic':{},'token':{}}} | 'auth' must be of the model 'basic' and no other",
                "{'credentials':[]} | 'credentials' must be a list of one, or rather be 'auth'",
                "{'credentials':[{},{}]} | 'credentials' must be a list of one, or rather be 'auth'",
                "{'credentials':{}} | 'credentials' must be a list of one, or rather be 'auth'",
                "{'credentials':[{'id':'hunter2'}]} | 'credentials/0/id' must not be there: only one kind of credentials is taken",
                "{'credentials':[7]} | 'credentials/0' must be an object"
            })
    void saysWhatIsWrongWithOneKind(String document, String problem) {
        assertRefused(() -> BASIC.read(json(document)), problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | The credentials 'crm' are missing; they are of the model 'basic'",
                "{'auth':{'username':'ann'}} | 'auth' must be 'credentials', a list in which each has an 'id'; it must be 'crm' or 'files'",
                "{'auth':{},'credentials':[]} | There must be 'auth' or 'credentials', but not both",
                "{'credentials':{}} | 'credentials' must be a list",
                "{'credentials':['hunter2',{'id':'crm','username':'a','password':'b'}]} | 'credentials/0' must be an object",
                "{'credentials':[{'username':'ann'},{'id':'crm','username':'a','password':'b'}]} | 'credentials/0/id' is missing; it must be 'crm' or 'files'",
                "{'credentials':[{'id':'hunter2'},{'id':'crm','username':'a','password':'b'}]} | 'credentials/0/id' is not known; it must be 'crm' or 'files'",
                "{'credentials':[{'id':7},{'id':'crm','username':'a','password':'b'}]} | 'credentials/0/id' is not known; it must be 'crm' or 'files'",
                "{'credentials':[{'id':'crm','username':'a','password':'b'},{'id':'crm','token':'hunter2'}]} | 'credentials/1/id' is 'crm' once more; each must be there once",
                "{'credentials':[{'id':'crm','token':{'token':'hunter2'}}]} | 'credentials/0' must be of the model 'basic' and no other",
                "{'credentials':[{'id':'files','model':'basic','token':'hunter2'}]} | 'credentials/0/model' must be 'token'; The credentials 'crm' are missing; they are of the model 'basic'",
                "{'credentials':[{'id':'crm','username':'ann'},{'id':'files'}]} | 'credentials/0/password' is missing; 'credentials/1/token' is missing"
            })
    void saysWhatIsWrongWithSeveral(String document, String problem) { // M45
        assertRefused(() -> SEVERAL.read(json(document)), problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'client_id':'a','client_secret':'b','scopes':'hunter2'} | 'auth/scopes' must be a list of texts",
                "{'client_id':'a','client_secret':'b','scopes':[7]} | 'auth/scopes' must be a list of texts"
            })
    void saysWhatIsWrongWithALists(String auth, String problem) {
        CredentialTypes types = CredentialTypes.NONE.single(Credentials.OAuthClientCredentials.class);

        assertRefused(() -> types.read(json("{'auth':" + auth + "}")), problem);
    }

    @Test
    void takesNoneWhereNoneAreDeclared() {
        assertRefused(
                () -> CredentialTypes.NONE.read(json("{'auth':{}}")),
                "'auth' must not be there: no credentials are taken");
        assertRefused(
                () -> CredentialTypes.NONE.read(json("{'credentials':[]}")),
                "'credentials' must not be there: no credentials are taken");
        assertRefused(
                () -> CredentialTypes.NONE.check(Map.of("", ANN)), "No credentials are taken, but there are some");
    }

    @Test
    void checksWhatAProgramGives() {
        BASIC.check(Map.of("", ANN));
        SEVERAL.check(Map.of("crm", ANN));

        assertRefused(() -> BASIC.check(Map.of()), "The credentials are missing; they are of the model 'basic'");
        assertRefused(
                () -> TOKEN.check(Map.of("", ANN)), "The credentials must be of the model 'token', but are of 'basic'");
        assertRefused(() -> BASIC.check(Map.of("", ANN, "hunter2", ANN)), "The credentials must be without an id");
        assertRefused(
                () -> SEVERAL.check(Map.of("crm", ANN, "hunter2", ANN)),
                "There are credentials of an id that is not known; it must be 'crm' or 'files'");
        assertRefused(
                () -> SEVERAL.check(Map.of("files", ANN)),
                "The credentials 'files' must be of the model 'token', but are of 'basic'; "
                        + "The credentials 'crm' are missing; they are of the model 'basic'");
    }

    @Test
    void refusesDeclarationsThatContradictEachOther() {
        assertThatIllegalArgumentException().isThrownBy(() -> BASIC.single(Credentials.Token.class));
        assertThatIllegalArgumentException().isThrownBy(() -> BASIC.with("crm", Credentials.Token.class, true));
        assertThatIllegalArgumentException().isThrownBy(() -> SEVERAL.single(Credentials.Token.class));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SEVERAL.with("crm", Credentials.Token.class, true))
                .withMessage("There are credentials with the id 'crm' already");
        assertThatIllegalArgumentException().isThrownBy(() -> SEVERAL.with(" ", Credentials.Token.class, true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CredentialTypes.NONE.single(Credentials.class))
                .withMessageContaining("Credentials.Basic");
    }

    @Test
    void findsSecretsInWhateverWasSent() {
        JsonNode document = json("{'auth':{'basic':{'username':'ann','password':'one'}},"
                + "'credentials':[{'id':'x','private_key':'two','token':['a'],'api_key':'three','secret':''}],"
                + "'request':{'password':'other'}}");

        assertThat(CredentialTypes.NONE.secrets(document))
                .extracting(Secret::reveal)
                .containsExactlyInAnyOrder("one", "two", "three");
        assertThat(BASIC.secrets(Map.of("", ANN))).containsExactly(Secret.of("hunter2"));
        assertThat(BASIC.secrets(Map.of("", new Credentials.OAuth(Secret.of("a"), null, null))))
                .containsExactly(Secret.of("a"));
    }

    @Test
    void saysInASchemaWhatItTakes() { // M14
        Map.Entry<String, JsonNode> schema = BASIC.schema().orElseThrow();

        assertThat(schema.getKey()).isEqualTo("auth");
        assertThat(schema.getValue())
                .isEqualTo(json("{'type':'object','properties':{"
                        + "'model':{'const':'basic','title':'Model','x-field_type':'HIDDEN'},"
                        + "'username':{'type':'string','title':'Username'},"
                        + "'password':{'type':'string','minLength':1,'title':'Password','x-field_type':'SECRET',"
                        + "'writeOnly':true}},'required':['username','password']}"));
        assertThat(CredentialTypes.NONE.schema()).isEmpty();
    }

    @Test
    void saysInASchemaWhichOfSeveralItNeeds() { // M45
        Map.Entry<String, JsonNode> entry = SEVERAL.schema().orElseThrow();
        JsonSchema schema = JsonSchema.of(entry.getValue());
        String crm = "{'id':'crm','username':'ann','password':'x'}";

        assertThat(entry.getKey()).isEqualTo("credentials");
        assertThat(schema.validate(json("[" + crm + "]"))).isEmpty();
        assertThat(schema.validate(json("[{'id':'files','model':'token','token':'x'}," + crm + "]")))
                .isEmpty();
        assertThat(schema.validate(json("[{'id':'files','token':'x'}]"))).isNotEmpty();
        assertThat(schema.validate(json("[" + crm + ",{'id':'else','token':'x'}]")))
                .isNotEmpty();
        assertThat(schema.validate(json("[{'id':'crm','token':'x'}]"))).isNotEmpty();
    }

    private static void assertRefused(Runnable reading, String problem) {
        assertThatExceptionOfType(CapabilityException.class)
                .isThrownBy(reading::run)
                .withMessage(problem)
                .withMessageNotContaining("hunter2")
                .withNoCause()
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"'));
    }
}
