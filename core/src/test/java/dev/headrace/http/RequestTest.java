package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows A2, A3, A19, K24, K26, L2, L53, L54, L55, L56: targets, templates and query; nothing is encoded twice. */
class RequestTest {

    @ParameterizedTest
    @CsvSource({
        "https://h, x, https://h/x",
        "https://h/, /x, https://h/x",
        "https://h/v1, x, https://h/v1/x",
        "https://h/v1, /x, https://h/v1/x",
        "https://h/v1/, /x, https://h/v1/x",
        "https://h/v1/, x/, https://h/v1/x/",
        "https://h/v1, ?a=1, https://h/v1?a=1",
        "https://h/v1, '', https://h/v1",
        "https://h/v1/, '', https://h/v1/",
        "https://h/v1/, ?a=1, https://h/v1/?a=1",
        "https://h, '', https://h",
        "https://h, ?a=1, https://h?a=1",
        "https://h/v1, x#f, https://h/v1/x#f",
        "https://h/v1, HTTPS://other/x, HTTPS://other/x",
        "https://h/v1, https://other/x, https://other/x"
    })
    void appendsTheTargetToTheBase(String base, String target, String expected) {
        assertThat(Request.get(target).against(URI.create(base)).uri()).isEqualTo(URI.create(expected));
    }

    @Test
    void encodesVariablesWhole() {
        Request request =
                Request.get("https://h/repos/{owner}/{repo}", "a/b", "ü c").with("owner", "x&y");

        assertThat(request.uri()).hasToString("https://h/repos/x%26y/%C3%BC%20c");
    }

    @Test
    void keepsWhatIsEncodedAndEncodesOnlyWhatCouldNotStand() {
        assertThat(Request.get("https://h/a%2Fb/c d?$top=2&q=ä|%zz").uri())
                .hasToString("https://h/a%2Fb/c%20d?$top=2&q=%C3%A4%7C%25zz");
    }

    @Test
    void appendsQueryParametersInOrderAndEncodesThem() {
        Request request =
                Request.get("https://h/x?a=1").query("b", "ö&=").query("b", 2).query("c[]", "");

        assertThat(request.uri()).hasToString("https://h/x?a=1&b=%C3%B6%26%3D&b=2&c%5B%5D=");
    }

    @Test
    void takesTheTargetThatARemoteGaveToTheLetter() {
        URI next = URI.create("https://h/v1.0/users?$skiptoken=%27x%27&a=b%20c");

        assertThat(Request.get("/users")
                        .query("top", 2)
                        .at(next)
                        .against(URI.create("https://h/v1"))
                        .uri())
                .isSameAs(next);
    }

    @Test
    void namesTheVariableThatHasNoValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Request.get("https://h/{owner}/{repo}", "o").uri())
                .withMessageContaining("repo")
                .withMessageContaining("https://h/o/{repo}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a{", "/a{}", "/a{b", "/a{+b", "/a{b c}"})
    void refusesMalformedTemplates(String template) {
        assertThatIllegalArgumentException().isThrownBy(() -> Request.get(template));
    }

    @Test
    void refusesMoreValuesThanVariables() {
        assertThatIllegalArgumentException().isThrownBy(() -> Request.get("/{a}", 1, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Request.get("/{a}").with("b", 2));
    }

    @Test
    void refusesLineBreaksInHeadersWithoutShowingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Request.get("/").header("X-Api-Key", "se\r\ncret"))
                .withMessageContaining("X-Api-Key")
                .withMessageNotContaining("cret");
        for (String value : new String[] {"a\u0001", "\u007f", "a\0", "a\u001bb"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Request.get("/").header("X-A", value))
                    .withMessageContaining("control character");
        }
        assertThat(Request.get("/").header("X-A", "a\tb").headers().first("X-A"))
                .contains("a\tb");
        assertThatIllegalArgumentException().isThrownBy(() -> Request.get("/").header("a b", "c"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, false, true",
        "HEAD, false, true",
        "PUT, false, true",
        "DELETE, false, true",
        "POST, false, false",
        "PATCH, false, false",
        "POST, true, true"
    })
    void isIdempotentByMethodOrKey(String method, boolean key, boolean idempotent) {
        Request request = Request.of(method, "/x");

        assertThat((key ? request.header("Idempotency-Key", "k") : request).isIdempotent())
                .isEqualTo(idempotent);
    }

    @Test
    void isAValue() {
        Request first = Request.get("/x");

        assertThat(first.query("a", 1)).isNotSameAs(first);
        assertThat(first.uri()).hasToString("/x");
        assertThat(first.headers().isEmpty()).isTrue();
    }

    @Test
    void takesAWholeTargetFromAVariable() {
        assertThat(Request.get("{+next}", "https://other/x?a=%20")
                        .against(URI.create("https://h/v1"))
                        .uri())
                .hasToString("https://other/x?a=%20");
        assertThat(Request.get("{next}", "https://other/x")
                        .against(URI.create("https://h/v1"))
                        .uri())
                .hasToString("https://h/v1/https%3A%2F%2Fother%2Fx");
    }

    @Test
    void takesManyVariablesAndParametersAtOnce() {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("state", "open");
        parameters.put("since", null);
        parameters.put("label", List.of("a", "b c"));

        Request request = Request.get("/repos/{owner}/{repo}{?page}")
                .with(Map.of("owner", "o", "repo", "r", "page", 2))
                .query(parameters);

        assertThat(request.uri()).hasToString("/repos/o/r?page=2&state=open&label=a&label=b%20c");
    }

    /** Row A19: a next link often repeats what the first request was asked with. */
    @Test
    void saysNoParameterTwiceThatTheTargetHasAlready() {
        Request request = Request.get("/x").at(URI.create("https://h/x?per_page=100&$top=2&q=a%20b"));

        assertThat(request.query("per_page", 100)
                        .query("$top", 2)
                        .query("q", "a b")
                        .query("page", 2)
                        .uri())
                .hasToString("https://h/x?per_page=100&$top=2&q=a%20b&page=2");
        assertThat(request.query("per_page", 50).uri().getQuery()).endsWith("&per_page=50");
    }

    /** Row L55: the parameters of a call win over those of its template. */
    @ParameterizedTest
    @CsvSource({
        "/x?page=1&per=10, /x?per=10&page=2",
        "/x?page=1, /x?page=2",
        "'/x{?page,per}', /x?per=9&page=2",
        "/x?per={per}&page={page}, /x?per=9&page=2",
        "/x{?keys*}, /x?a=1&page=2",
        "/x?page=1{#page}, /x?page=2#1",
        "/x, /x?page=2"
    })
    void replacesAParameterWhereverTheTemplateSaysIt(String template, String expected) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("page", 7);
        keys.put("a", 1);
        Map<String, Object> values = Map.of("page", 1, "per", 9, "keys", keys);
        Request request = Request.get(template);
        for (Map.Entry<String, Object> value : values.entrySet()) {
            request = template.matches(".*[{?,#]" + value.getKey() + "[*,}].*")
                    ? request.with(value.getKey(), value.getValue())
                    : request;
        }

        assertThat(request.replaceQuery("page", 2).uri()).hasToString(expected);
        assertThat(request.query("page", 5).replaceQuery("page", 2).uri()).hasToString(expected);
        assertThat(request.replaceQuery("page", 2).describe()).isEqualTo("GET " + expected.replaceAll("#.*", ""));
    }

    @Test
    void replacesAParameterOfARemotesLinkAndKeepsItsFragment() {
        assertThat(Request.get("/x")
                        .at(URI.create("https://h/x?a=%2F&page=1#f"))
                        .replaceQuery("page", 2)
                        .uri())
                .hasToString("https://h/x?a=%2F&page=2#f");
    }

    @Test
    void putsParametersBeforeTheFragment() {
        assertThat(Request.get("/x#f").query("a", 1).uri()).hasToString("/x?a=1#f");
    }
}
