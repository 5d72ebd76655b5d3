package dev.headrace.pagination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Body;
import dev.headrace.http.Headers;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each guard is an error that says what to do; L58: too many pages are one, and no page is lost for it. */
class PageGuardTest {

    private static final URI BASE = URI.create("https://api.test");

    private int number;

    @Test
    void findsACircleOfAnyLength() {
        PageGuard guard = guard(PageOptions.defaults());

        assertThat(step(guard, 10, 1, "/things?c=a")).isTrue();
        assertThat(step(guard, 10, 2, "/things?c=b")).isTrue();
        assertThatExceptionOfType(RepeatedPageException.class)
                .isThrownBy(() -> step(guard, 10, 3, "/things?c=a"))
                .withMessageContaining("Page 3")
                .withMessageContaining("/things?c=a")
                .withMessageContaining("onRepeat(COMPLETE)")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA));
    }

    @Test
    void tellsRequestsApartByTheirBodies() {
        Request first = Request.post("https://api.test/search").body(json("{\"after\":1}"));
        PageGuard guard = new PageGuard(BASE, OriginPolicy.sameOrigin(), PageOptions.defaults(), first);

        assertThat(guard.admits(end(1, 1), first.body(json("{\"after\":2}")))).isTrue();
        assertThatExceptionOfType(RepeatedPageException.class)
                .isThrownBy(() -> guard.admits(end(1, 2), first.body(json("{\"after\":1}"))));
    }

    private static Body json(String text) {
        return Body.bytes(text.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    @Test
    void findsAPageThatIsTheSameAsTheOneBefore() {
        PageGuard guard = guard(PageOptions.defaults());

        assertThat(step(guard, 10, 77, "/things?page=2")).isTrue();
        assertThatExceptionOfType(RepeatedPageException.class)
                .isThrownBy(() -> step(guard, 10, 77, "/things?page=3"))
                .withMessageContaining("the same 10 items");
    }

    @Test
    void takesEmptyPagesForNoRepetition() {
        PageGuard guard = guard(PageOptions.defaults());

        assertThat(step(guard, 0, 0, "/things?page=2")).isTrue();
        assertThat(step(guard, 0, 0, "/things?page=3")).isTrue();
    }

    @Test
    void endsWhereARepetitionIsTheEnd() {
        PageOptions ends = PageOptions.defaults().onRepeat(OnRepeat.COMPLETE);

        PageGuard sameRequest = guard(ends);
        assertThat(step(sameRequest, 10, 1, "/things")).isFalse();
        PageGuard sameItems = guard(ends);
        assertThat(step(sameItems, 10, 7, "/things?page=2")).isTrue();
        assertThat(step(sameItems, 10, 7, "/things?page=3")).isFalse();
    }

    @Test
    void failsAfterTooManyEmptyPagesInARow() {
        PageGuard guard = guard(PageOptions.defaults().maxEmptyPages(3));

        assertThat(step(guard, 0, 0, "/things?page=2")).isTrue();
        assertThat(step(guard, 0, 0, "/things?page=3")).isTrue();
        assertThat(step(guard, 1, 1, "/things?page=4")).isTrue();
        assertThat(step(guard, 0, 0, "/things?page=5")).isTrue();
        assertThat(step(guard, 0, 0, "/things?page=6")).isTrue();
        assertThatExceptionOfType(PaginationException.class)
                .isThrownBy(() -> step(guard, 0, 0, "/things?page=7"))
                .withMessageContaining("3 empty pages in a row")
                .withMessageContaining("maxEmptyPages");
    }

    @Test
    void failsAfterTooManyPages() {
        PageGuard guard = guard(PageOptions.defaults().maxPages(2));

        assertThat(step(guard, 1, 1, "/things?page=2")).isTrue();
        assertThatExceptionOfType(PaginationException.class)
                .isThrownBy(() -> step(guard, 1, 2, "/things?page=3"))
                .withMessageContaining("More than 2 pages")
                .withMessageContaining("maxPages");
    }

    @Test
    void failsWhenItHasTakenTooLong() {
        PageGuard guard = guard(PageOptions.defaults().maxDuration(Duration.ofMinutes(1)));

        guard.checkDuration(2, request("/things?page=2"), Duration.ofMinutes(1));
        assertThatExceptionOfType(PaginationException.class)
                .isThrownBy(() -> guard.checkDuration(3, request("/things?page=3"), Duration.ofSeconds(61)))
                .withMessageContaining("PT1M")
                .withMessageContaining("before page 3 could begin")
                .withMessageContaining("maxDuration");
    }

    @Test
    void staysOnItsOriginUnlessAllowed() {
        PageGuard guard = guard(PageOptions.defaults());

        assertThatExceptionOfType(PaginationException.class)
                .isThrownBy(() -> guard.check(end(1, 1), Request.get("https://evil.test/x?token=s3cret")))
                .withMessageContaining("another origin")
                .withMessageContaining("allow(\"https://evil.test:443\")")
                .withMessageNotContaining("s3cret");
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        PageOptions options = PageOptions.defaults();

        assertThatIllegalArgumentException().isThrownBy(() -> options.maxPages(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.maxEmptyPages(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.prefetchPages(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> options.maxDuration(Duration.ofSeconds(-1)));
    }

    private static PageGuard guard(PageOptions options) {
        return new PageGuard(BASE, OriginPolicy.sameOrigin(), options, request("/things"));
    }

    private boolean step(PageGuard guard, long items, long fingerprint, String next) {
        PageEnd end = end(items, fingerprint);
        boolean goesOn = guard.admits(end, request(next));
        if (goesOn) {
            guard.check(end, request(next));
        }
        return goesOn;
    }

    private PageEnd end(long items, long fingerprint) {
        number++;
        return new PageEnd(
                request("/things"), BASE, 200, Headers.none(), number, items, items, Map.of(), null, fingerprint);
    }

    private static Request request(String target) {
        return Request.get("https://api.test" + target);
    }
}
