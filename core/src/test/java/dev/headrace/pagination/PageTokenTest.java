package dev.headrace.pagination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.decode.Captured;
import dev.headrace.http.Body;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

class PageTokenTest {

    private static final URI BASE = URI.create("https://api.test/v1");
    private static final Request FIRST = Request.get("/repos/{owner}/issues{?state}", "reactor")
            .with("state", "open")
            .query("per_page", 2)
            .query("label", List.of("a", "b"))
            .header("X-Trace", "t");

    static List<Request> nextRequests() {
        return List.of(
                FIRST,
                FIRST.at(URI.create("https://api.test/repositories/7/issues?page=2&x=%27a%27")),
                FIRST.replaceQuery("per_page", 3),
                FIRST.replaceQuery("state", "closed"),
                FIRST.replaceQuery("cursor", "ä=&b").replaceQuery("label", List.of()),
                FIRST.with("owner", "über/x"),
                FIRST.with("owner", 7),
                FIRST.header("X-Cursor", "c2").header("X-Trace", "u"),
                FIRST.withMethod("POST").json(List.of(1, 2)),
                FIRST.withMethod("POST").body(Body.template("{\"a\":\"{owner}\"}")));
    }

    @ParameterizedTest
    @MethodSource("nextRequests")
    void leadsToTheSameRequestInAnotherRun(Request next) {
        PageToken kept = PageToken.of(token(FIRST, next).text());

        Request restored = kept.request(FIRST).against(BASE);

        Request expected = next.against(BASE);
        assertThat(restored.method()).isEqualTo(expected.method());
        assertThat(restored.uri()).isEqualTo(expected.uri());
        assertThat(fields(restored)).isEqualTo(fields(expected));
        assertThat(body(restored)).isEqualTo(body(expected));
        assertThat(kept.number()).isEqualTo(3);
        assertThat(kept.itemsBefore()).isEqualTo(20);
        assertThat(kept.prefix()).isEqualTo(new Captured.Prefix(7, -42));
        assertThat(kept).isEqualTo(token(FIRST, next));
    }

    @Test
    void restoresABodyWithAnotherCursorBesideWhatIsBoundLater() {
        Request first = Request.post("/search")
                .body(Body.template("{\"q\":\"{q}\",\"after\":null}"))
                .with("q", "x");
        Request next = first.replaceInBody("/after", "{q}");

        Request restored = PageToken.of(token(first, next).text()).request(first.with("q", "y"));

        assertThat(body(restored.against(BASE))).isEqualTo("{\"q\":\"y\",\"after\":\"{q}\"}");
    }

    @Test
    void holdsNoSecretAndTakesTheNewOneWhenItHasChanged() {
        Request first = Request.get("/things")
                .query("api_key", Secret.of("s3cret/1+"))
                .header("X-Me", Secret.of("head-secret"));
        Request next = first.at(URI.create("https://api.test/things?page=2&api_key=s3cret%2F1%2B&raw=s3cret/1+"));

        PageToken token = token(first, next);
        Request rotated =
                Request.get("/things").query("api_key", Secret.of("n3w/2")).header("X-Me", Secret.of("head-new"));

        assertThat(decoded(token)).doesNotContain("s3cret", "head-secret");
        assertThat(token.request(first).uri()).isEqualTo(next.uri());
        assertThat(token.request(rotated).uri())
                .isEqualTo(URI.create("https://api.test/things?page=2&api_key=n3w%2F2&raw=n3w/2"));
        assertThat(token.request(rotated).headers().all("X-Me")).containsExactly("head-new");
    }

    @Test
    void holdsNoSecretThatIsOneByItsName() {
        Request first = Request.get("/things?access_token=plain-s3cret&limit=2");
        Request next = first.at(URI.create("https://api.test/things?access_token=plain-s3cret&limit=2&page=2"));
        Request rotated = Request.get("/things?access_token=n3w&limit=2");

        PageToken token = token(first, next);

        assertThat(decoded(token)).doesNotContain("plain-s3cret");
        assertThat(token.request(first).uri()).isEqualTo(next.uri());
        assertThat(token.request(rotated).uri())
                .isEqualTo(URI.create("https://api.test/things?access_token=n3w&limit=2&page=2"));
    }

    @Test
    void keepsASecretOfTheBodyToItself() {
        Request first = Request.post("/search").json(Map.of("key", Secret.of("b0dy-secret"), "page", 1));
        Request next = first.replaceInBody("/page", 2);

        PageToken token = token(first, next);

        assertThat(decoded(token)).doesNotContain("b0dy-secret");
        assertThat(body(token.request(first))).contains("b0dy-secret").contains("\"page\":2");
    }

    @Test
    void keepsASecretOfABodysTemplateToItself() {
        Request first = Request.post("/search")
                .body(Body.template("{\"q\":\"x\"}"))
                .replaceInBody("/key", Secret.of("b0dy-\"s3cret\""));
        Request next = first.replaceInBody("/after", "c2");

        PageToken token = token(first, next);

        assertThat(decoded(token)).doesNotContain("s3cret");
        assertThat(body(token.request(first).against(BASE)))
                .isEqualTo("{\"q\":\"x\",\"key\":\"b0dy-\\\"s3cret\\\"\",\"after\":\"c2\"}");
    }

    @Test
    void leavesOutWhatCredentialsPutIntoTheQueryAndTheLinkRepeats() {
        Request first = Request.get("/things");
        Request signed = first.against(BASE).query("api_key", Secret.of("k3y-of-auth"));
        Request next = first.at(URI.create("https://api.test/things?api_key=k3y-of-auth&page=2"))
                .withSecretsOf(signed);

        PageToken token = token(first, next);

        assertThat(decoded(token)).doesNotContain("k3y-of-auth");
        assertThat(token.request(first).uri()).isEqualTo(URI.create("https://api.test/things?page=2"));
    }

    @Test
    void isNotThereWhereASecretWouldStandInThePath() {
        Request first = Request.get("/things");
        Request signed = first.against(BASE).query("api_key", Secret.of("k3y-of-auth"));
        Request next =
                first.at(URI.create("https://api.test/k3y-of-auth/things")).withSecretsOf(signed);

        assertThat(PageToken.of(first, next, 2, 1, Captured.Prefix.NOTHING)).isEmpty();
    }

    @Test
    void hidesTheLongerOfTwoSecretsThatBeginAlike() {
        Request first = Request.get("/things").query("a", Secret.of("abcd")).query("b", Secret.of("abcd-9f3e"));
        Request next = first.at(URI.create("https://api.test/things?b=abcd-9f3e&page=2"));

        assertThat(decoded(token(first, next))).doesNotContain("9f3e");
        assertThat(token(first, next).request(first).uri()).isEqualTo(next.uri());
    }

    @Test
    void tellsThatALinkHasASecretOfItsOwn() {
        Request first = Request.get("/things?access_token=plain-s3cret");

        assertThat(token(first, first.at(URI.create("https://api.test/things?access_token=plain-s3cret&page=2")))
                        .showsSecret())
                .isFalse();
        assertThat(token(first, first.at(URI.create("https://api.test/things?access_token=another&page=2")))
                        .showsSecret())
                .isTrue();
        assertThat(token(first, first.replaceQuery("page", 2)).showsSecret()).isFalse();
    }

    @Test
    void belongsToItsEndpoint() {
        PageToken token = token(FIRST, FIRST.replaceQuery("page", 7));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> token.request(Request.get("/others")))
                .withMessageContaining("another endpoint");
    }

    @Test
    void doesNotShowWhatItHolds() {
        assertThat(token(FIRST, FIRST.replaceQuery("cursor", "c2")).toString())
                .isEqualTo("PageToken[page 3, behind item 7]");
    }

    @Test
    void isNotThereForABodyThatCanBeSentOnce() {
        Request once = Request.post("/x").body(Body.stream(Flux.just(ByteBuffer.allocate(1)), "a/b"));

        assertThat(PageToken.of(once, once, 1, 0, Captured.Prefix.NOTHING)).isEmpty();
    }

    @Test
    void beginsAPageAgain() {
        assertThat(token(FIRST, FIRST).atPageStart().taken()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "e30",
                "eyJ2Ijo5fQ",
                "bnVsbA",
                "!!",
                "eyJ2IjoxLCJwYWdlIjoxfQ",
                "eyJ2IjoxLCJyZXF1ZXN0Ijo3fQ"
            })
    void refusesWhatIsNoToken(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PageToken.of(text).request(FIRST));
    }

    private static String decoded(PageToken token) {
        return new String(Base64.getUrlDecoder().decode(token.text()), StandardCharsets.UTF_8);
    }

    private static PageToken token(Request first, Request next) {
        return PageToken.of(first, next, 3, 20, new Captured.Prefix(7, -42)).orElseThrow();
    }

    private static Map<String, List<String>> fields(Request request) {
        Map<String, List<String>> fields = new TreeMap<>();
        request.headers()
                .names()
                .forEach(name -> fields.put(name, request.headers().all(name)));
        return fields;
    }

    private static String body(Request request) {
        return request.body()
                .flatMap(Body::inMemory)
                .map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString())
                .orElse("");
    }
}
