package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What RFC 6265 says about cookies, by section. Row K2: the jar is opt-in. */
class CookieJarTest {

    private final CookieJar jar = new CookieJar();

    @AfterEach
    void realTime() {
        VirtualTimeScheduler.reset();
    }

    /** The examples of §3.1. */
    @Test
    void keepsASession() {
        keep("https://www.example.com/", "SID=31d4d96e407aad42");
        assertThat(sent("https://www.example.com/any")).containsExactly("SID=31d4d96e407aad42");
        assertThat(sent("https://example.com/")).isEmpty();
        assertThat(sent("https://sub.www.example.com/")).isEmpty();
    }

    @Test
    void scopesByPathAndDomain() {
        keep("https://www.example.com/", "SID=31d4d96e407aad42; Path=/; Domain=example.com");
        assertThat(sent("https://www.example.com/")).containsExactly("SID=31d4d96e407aad42");
        assertThat(sent("https://example.com/")).containsExactly("SID=31d4d96e407aad42");
        assertThat(sent("https://other.example.com/")).containsExactly("SID=31d4d96e407aad42");
        assertThat(sent("https://notexample.com/")).isEmpty();
    }

    @Test
    void keepsSecureOnesForTlsAlone() {
        keep("https://www.example.com/", "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly");
        keep("https://www.example.com/", "lang=en-US; Path=/; Domain=example.com");
        assertThat(sent("https://www.example.com/")).containsExactly("SID=31d4d96e407aad42", "lang=en-US");
        assertThat(sent("http://www.example.com/")).containsExactly("lang=en-US");
    }

    @Test
    void ignoresSpacesAroundNamesAndValues() {
        keep("https://www.example.com/", " SID = 1 ; secure ; path = /a ; domain = example.com ");
        assertThat(sent("https://example.com/a")).containsExactly("SID=1");
        assertThat(sent("https://example.com/")).isEmpty();
        assertThat(sent("http://example.com/a")).isEmpty();
    }

    @Test
    void removesWhatHasExpired() {
        keep("https://www.example.com/", "lang=en-US; Expires=Wed, 09 Jun 2121 10:18:14 GMT");
        assertThat(sent("https://www.example.com/")).containsExactly("lang=en-US");

        keep("https://www.example.com/", "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(sent("https://www.example.com/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Expires=Sun, 06 Nov 1994 08:49:37 GMT",
                "expires=Sunday, 06-Nov-94 08:49:37 GMT",
                "EXPIRES=Sun, 06-Nov-1994 08:49:37 GMT",
                "Max-Age=0",
                "Max-Age=-1",
                // §5.3, step 3: Max-Age comes before Expires, wherever it stands.
                "Max-Age=0; Expires=Wed, 09 Jun 2121 10:18:14 GMT",
                "Expires=Wed, 09 Jun 2121 10:18:14 GMT; Max-Age=0",
            })
    void takesTheseForThePast(String attributes) {
        keep("https://a.example/", "x=1");
        keep("https://a.example/", "x=2; " + attributes);

        assertThat(sent("https://a.example/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Expires=Wed, 09 Jun 2121 10:18:14 GMT",
                "Max-Age=10; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
                "Max-Age=9223372036854775807",
                "Max-Age=99999999999999999999999",
                "Expires=whenever",
                "Max-Age=soon",
                "Unknown=1; ; =; Version=1",
            })
    void takesTheseForTheFutureOrForASession(String attributes) {
        keep("https://a.example/", "x=1; " + attributes);

        assertThat(sent("https://a.example/")).containsExactly("x=1");
    }

    @Test
    void forgetsWhenTheAgeIsReached() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        keep("https://a.example/", "x=1; Max-Age=60");

        time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(sent("https://a.example/")).containsExactly("x=1");
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(sent("https://a.example/")).isEmpty();
    }

    /** Domain matching, §5.1.3, and who may set a cookie for whom, §5.3 steps 4 to 6. */
    @ParameterizedTest
    @CsvSource({
        // host that sets, Domain, host that asks, sent
        "example.com, example.com, example.com, true",
        "example.com, .example.com, www.example.com, true",
        "example.com, EXAMPLE.com, WWW.Example.COM, true",
        "www.example.com, example.com, example.com, true",
        "www.example.com, www.example.com, example.com, false",
        "www.example.com, www.example.com, a.www.example.com, true",
        "example.com, www.example.com, www.example.com, false",
        "example.com, other.com, other.com, false",
        "badexample.com, example.com, example.com, false",
        "example.com, com, example.com, false",
        "example.com, .com, example.com, false",
        "example.com, ., example.com, true",
        "example.com, '', example.com, true",
        "example.com, '', www.example.com, false",
        "localhost, localhost, localhost, true",
        "localhost, localhost, a.localhost, false",
        "127.0.0.1, 127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 0.0.1, 127.0.0.1, false",
        "[::1], [::1], [::1], true",
    })
    void matchesDomains(String setter, String domain, String asker, boolean sent) {
        keep("https://" + setter + "/", "x=1; Domain=" + domain);

        assertThat(sent("https://" + asker + "/")).hasSize(sent ? 1 : 0);
    }

    /** Default path and path matching, §5.1.4. */
    @ParameterizedTest
    @CsvSource({
        // path that sets, Path, path that asks, sent
        "/, , /any/where, true",
        "'', , /any, true",
        "/a, , /, true",
        "/a/b, , /a, true",
        "/a/b, , /a/c, true",
        "/a/b, , /ab, false",
        "/a/b, , /, false",
        "/a/b/, , /a/b/c, true",
        "/a/b/, , /a/c, false",
        "/x, /a, /a, true",
        "/x, /a, /a/, true",
        "/x, /a, /a/b, true",
        "/x, /a, /a?q=1, true",
        "/x, /a, /ab, false",
        "/x, /a/, /a, false",
        "/x, /a/, /a/b, true",
        "/x/y, a, /x/z, true",
        "/x/y, '', /x/z, true",
        "/x/y, a, /a, false",
    })
    void matchesPaths(String setter, String path, String asker, boolean sent) {
        keep("https://a.example" + setter, "x=1" + (path == null ? "" : "; Path=" + path));

        assertThat(sent("https://a.example" + asker)).hasSize(sent ? 1 : 0);
    }

    @Test
    void sendsTheLongestPathFirstAndThenTheOldest() {
        keep("https://a.example/", "root=1; Path=/");
        keep("https://a.example/", "later=1; Path=/");
        keep("https://a.example/", "deep=1; Path=/a/b");
        keep("https://a.example/", "root=2; Path=/");

        assertThat(sent("https://a.example/a/b")).containsExactly("deep=1", "root=2", "later=1");
    }

    @Test
    void replacesByNameDomainAndPath() {
        keep("https://a.example/", "x=1");
        keep("https://a.example/", "x=2; Path=/a");
        keep("https://a.example/", "x=3");

        assertThat(sent("https://a.example/a")).containsExactly("x=2", "x=3");
    }

    /** Stricter than §8.5: credentials belong to an origin. */
    @Test
    void goesBackOnlyToThePortItCameFrom() {
        keep("http://a.example:8080/", "x=1");

        assertThat(sent("http://a.example:8080/")).hasSize(1);
        assertThat(sent("http://a.example:8081/")).isEmpty();
        assertThat(sent("http://a.example/")).isEmpty();

        keep("http://b.example/", "y=1");
        assertThat(sent("https://b.example/")).hasSize(1);
        assertThat(sent("https://b.example:443/")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'a=b', 'a=b'",
        "' a = b ; Path=/', 'a=b'",
        "'a=\"quoted\"', 'a=\"quoted\"'",
        "'a=b=c==', 'a=b=c=='",
        "'a=', 'a='",
        "'a={json:1,2}', 'a={json:1,2}'",
        "'noequals', ",
        "'=value', ",
        "'', ",
        "';', ",
    })
    void readsWhatServersWrite(String field, String cookie) {
        keep("https://a.example/", field);

        assertThat(sent("https://a.example/")).isEqualTo(cookie == null ? List.of() : List.of(cookie));
    }

    @Test
    void refusesControlCharactersAndWhatIsTooLong() {
        keep("https://a.example/", "x=a\u0001b");
        keep("https://a.example/", "x=a\r\nEvil: 1");
        keep("https://a.example/", "x=" + "v".repeat(4095));
        assertThat(sent("https://a.example/")).isEmpty();

        keep("https://a.example/", "x=" + "v".repeat(4094));
        assertThat(sent("https://a.example/")).hasSize(1);
    }

    /** Or 3,000 cookies would be as large as 3,000 header fields. */
    @Test
    void takesAPathThatIsTooLongForNone() {
        keep("https://a.example/a/b", "x=1; Path=/" + "p".repeat(1024));
        assertThat(sent("https://a.example/a/b")).hasSize(1);

        keep("https://b.example/a/b", "x=1; Path=/" + "p".repeat(1023));
        assertThat(sent("https://b.example/a/b")).isEmpty();
    }

    @Test
    void keepsFiftyOfADomainAndLetsTheOldestGo() {
        keep("https://b.example/", "kept=1");
        IntStream.rangeClosed(1, 60).forEach(i -> keep("https://a.example/", "c" + i + "=1"));

        assertThat(sent("https://a.example/"))
                .hasSize(50)
                .contains("c11=1", "c60=1")
                .doesNotContain("c10=1");
        assertThat(sent("https://b.example/")).hasSize(1);
    }

    @Test
    void keepsThreeThousandInAll() {
        for (int domain = 0; domain < 100; domain++) {
            for (int i = 0; i < 31; i++) {
                keep("https://d" + domain + ".example/", "c" + i + "=1");
            }
        }

        long kept = IntStream.range(0, 100)
                .mapToLong(domain -> sent("https://d" + domain + ".example/").size())
                .sum();
        assertThat(kept).isEqualTo(3000);
        assertThat(sent("https://d0.example/")).isEmpty();
        assertThat(sent("https://d99.example/")).hasSize(31);
    }

    @Test
    void printsNoCookie() {
        keep("https://a.example/", "x=hunter2");

        assertThat(jar.cookiesFor(URI.create("https://a.example/")).toString())
                .contains("x")
                .doesNotContain("hunter2");
    }

    private void keep(String uri, String field) {
        jar.keep(URI.create(uri), field);
    }

    private List<String> sent(String uri) {
        return jar.cookiesFor(URI.create(uri)).stream()
                .map(pair -> pair.text().reveal())
                .toList();
    }
}
