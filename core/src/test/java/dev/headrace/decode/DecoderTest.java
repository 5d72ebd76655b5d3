package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.Defaults;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.json.Codec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class DecoderTest {

    private record Issue(long number, String title) {}

    @Test
    void readsTheItemsOfAResponse() {
        Response response =
                response("{\"data\":{\"items\":[{\"number\":1,\"title\":\"a\"},{\"number\":2,\"title\":\"b\"}]}}");

        StepVerifier.create(Decoder.items("/data/items", Codec.of(Issue.class)).decode(response))
                .expectNext(new Issue(1, "a"), new Issue(2, "b"))
                .verifyComplete();
    }

    @Test
    void readsTheLinesOfAResponse() {
        StepVerifier.create(Decoder.ndjson(Codec.tree()).decode(response("{\"a\":1}\n{\"a\":2}\n")))
                .assertNext(tree -> assertThat(tree.path("a").intValue()).isEqualTo(1))
                .assertNext(tree -> assertThat(tree.path("a").intValue()).isEqualTo(2))
                .verifyComplete();
    }

    @Test
    void waitsForTheHeadOfDocumentsButNotOfStreams() {
        assertThat(Decoder.items("", Codec.tree()).documentHead()).isEqualTo(Defaults.DOCUMENT_HEAD);
        assertThat(Decoder.ndjson(Codec.tree()).documentHead()).isZero();
        assertThat(Decoder.pulling(Characters::new).documentHead()).isZero();
    }

    @Test
    void saysWhatItAccepts() {
        assertThat(Decoder.items("", Codec.tree()).accept()).contains("application/json");
        assertThat(Decoder.ndjson(Codec.tree()).accept()).contains("application/x-ndjson");
        assertThat(Decoder.pulling(Characters::new).accept()).isEmpty();
    }

    @Test
    void doesNotWaitWhenEager() {
        Decoder<String> eager = Decoder.items("", Codec.text()).eager();

        assertThat(eager.documentHead()).isZero();
        assertThat(eager.accept()).contains("application/json");
        assertThat(eager.eager()).isSameAs(eager);
        StepVerifier.create(eager.decode(response("[1]"))).expectNext("1").verifyComplete();
    }

    @Test
    void refusesBadSettingsWhereTheyAreMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.items("data", Codec.tree()))
                .withMessageContaining("'data'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.items("", Codec.tree(), 0))
                .withMessage("itemLimit must be positive, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.ndjson(Codec.tree(), -1))
                .withMessage("itemLimit must be positive, not -1");
    }

    @Test
    void errorsOnAnEmptyBody() {
        StepVerifier.create(Decoder.items("", Codec.tree()).decode(response("")))
                .verifyErrorMessage("Item 0, byte 0: the document is empty");
    }

    private static Response response(String body) {
        return Response.of(
                Request.get("https://api.example.com/issues"),
                200,
                Headers.none(),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
