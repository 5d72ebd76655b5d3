package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows A2, K24, K26: targets, templates and query; nothing is encoded twice. */
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
    @ValueSource(strings = {"/a{", "/a{}", "/a{b", "/a{+b}", "/a{b c}"})
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
}
