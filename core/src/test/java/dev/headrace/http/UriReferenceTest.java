package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 3986 §5.4, without fragments, and what remotes send besides. */
class UriReferenceTest {

    @ParameterizedTest
    @CsvSource({
        "g, http://a/b/c/g",
        "./g, http://a/b/c/g",
        "g/, http://a/b/c/g/",
        "/g, http://a/g",
        "//g, http://g",
        "?y, http://a/b/c/d;p?y",
        "g?y, http://a/b/c/g?y",
        ";x, http://a/b/c/;x",
        "'', http://a/b/c/d;p?q",
        "., http://a/b/c/",
        "./, http://a/b/c/",
        ".., http://a/b/",
        "../g, http://a/b/g",
        "../.., http://a/",
        "../../g, http://a/g",
        "../../../g, http://a/g",
        "/./g, http://a/g",
        "/../g, http://a/g",
        "g., http://a/b/c/g.",
        "..g, http://a/b/c/..g",
        "./../g, http://a/b/g",
        "g;x=1/../y, http://a/b/c/y",
        "https://o/p?q=1#f, https://o/p?q=1",
        "g?y/../x, http://a/b/c/g?y/../x"
    })
    void resolves(String reference, String expected) {
        assertThat(UriReference.resolve(URI.create("http://a/b/c/d;p?q"), reference))
                .hasToString(expected);
    }

    @Test
    void keepsThePathOfTheBaseForAQueryAlone() {
        assertThat(UriReference.resolve(URI.create("http://h/users"), "?page=2"))
                .hasToString("http://h/users?page=2");
    }

    @Test
    void resolvesAgainstAnEmptyPath() {
        assertThat(UriReference.resolve(URI.create("http://h"), "users?page=2")).hasToString("http://h/users?page=2");
    }

    @Test
    void encodesOnlyWhatCouldNotStand() {
        assertThat(UriReference.resolve(URI.create("http://h/"), "/a b?$skip=%27x%27&f={y}"))
                .hasToString("http://h/a%20b?$skip=%27x%27&f=%7By%7D");
    }

    @Test
    void refusesWhatIsNoUri() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UriReference.resolve(URI.create("http://h/"), "http://[/x"));
    }
}
