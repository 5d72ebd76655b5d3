package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.Defaults;
import dev.headrace.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of all keys of a spec is what is made of the schema, and what is written by hand on it is true. */
class YamlReferenceTest {

    private static final Path MODULE = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
    private static final Path PAGE = MODULE.resolve("../docs/yaml-reference.md");
    private static final String WRITE = "./mvnw -q -pl examples -am test -Dtest=YamlReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dyaml-reference=write";
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```yaml\\R(headrace: 1\\R.*?)^```$");
    private static final Pattern FUNCTION = Pattern.compile("(?m)^\\| `(\\w+)\\(");

    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| [^|]+ \\| ([^|]+) \\| .*");

    private static final Map<String, Object> DEFAULTS = Map.ofEntries(
            Map.entry("connector.redirects", Defaults.MAX_REDIRECTS),
            Map.entry("retry.exponential", Defaults.RETRY_DELAY),
            Map.entry("retry.max_retries", Defaults.MAX_RETRIES),
            Map.entry("retry.max_delay", Defaults.RETRY_MAX_DELAY),
            Map.entry("retry.jitter", Defaults.RETRY_JITTER),
            Map.entry("retry.max_retry_after", Defaults.MAX_RETRY_AFTER),
            Map.entry("retry_budget.share", Defaults.RETRY_BUDGET_SHARE),
            Map.entry("retry_budget.floor", Defaults.RETRY_BUDGET_FLOOR),
            Map.entry("rate_limit.max_wait", Defaults.PERMIT_TIMEOUT),
            Map.entry("circuit_breaker.half_open_trials", Defaults.HALF_OPEN_TRIALS),
            Map.entry("bulkhead.max_queued", Defaults.BULKHEAD_QUEUED),
            Map.entry("bulkhead.max_wait", Defaults.PERMIT_TIMEOUT),
            Map.entry("timeouts.connect", Defaults.CONNECT_TIMEOUT),
            Map.entry("timeouts.head", Defaults.HEAD_TIMEOUT),
            Map.entry("timeouts.gap", Defaults.GAP_TIMEOUT),
            Map.entry("pool.max_connections", Defaults.POOL_CONNECTIONS),
            Map.entry("pool.max_pending", Defaults.POOL_PENDING),
            Map.entry("pool.acquire_timeout", Defaults.POOL_ACQUIRE_TIMEOUT),
            Map.entry("pool.max_idle", Defaults.POOL_IDLE),
            Map.entry("pool.max_lifetime", Defaults.POOL_LIFETIME),
            Map.entry("oauth2.lifetime", Defaults.TOKEN_LIFETIME),
            Map.entry("oauth2.renew_before", Defaults.TOKEN_RENEW_BEFORE),
            Map.entry("oauth2.timeout", Defaults.TOKEN_TIMEOUT),
            Map.entry("paging.max_pages", Defaults.MAX_PAGES),
            Map.entry("paging.max_empty_pages", Defaults.MAX_EMPTY_PAGES),
            Map.entry("paging.prefetch_pages", Defaults.PREFETCH_PAGES),
            Map.entry("stream.concurrency", Defaults.SLICE_CONCURRENCY),
            Map.entry("stream.max_slice_states", Defaults.SLICE_STATES),
            Map.entry("reconnect.first_delay", Defaults.RECONNECT_DELAY),
            Map.entry("reconnect.max_delay", Defaults.RECONNECT_MAX_DELAY),
            Map.entry("reconnect.jitter", Defaults.RECONNECT_JITTER),
            Map.entry("reconnect.reset_after", Defaults.RECONNECT_RESET_AFTER));

    private static String byHand(String page) {
        int mark = page.indexOf(YamlReference.MARK);
        return mark < 0 ? page : page.substring(0, mark);
    }

    @Test
    void everySpecOfTheGuideIsRight() throws IOException {
        try (Stream<Path> pages = Files.list(MODULE.resolve("../docs"))) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                EXAMPLE.matcher(Files.readString(page))
                        .results()
                        .forEach(spec -> assertThat(Spec.check(page.toString(), spec.group(1)))
                                .isEmpty());
            }
        }
    }

    @Test
    void isWhatIsMadeOfTheSchema() throws IOException {
        String page = Files.readString(PAGE);
        String made = byHand(page) + YamlReference.page();
        if ("write".equals(System.getProperty("yaml-reference"))) {
            Files.writeString(PAGE, made);
            return;
        }

        assertThat(page).as("docs/yaml-reference.md; to make it anew: " + WRITE).isEqualTo(made);
    }

    @Test
    void itsExampleIsASpecThatIsRightAndRead() throws IOException {
        String specs = Files.readString(MODULE.resolve("specs/github-issues.yaml"));
        List<String> shown = EXAMPLE.matcher(byHand(Files.readString(PAGE)))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(shown).hasSize(1).allMatch(specs::contains, "stands in specs/github-issues.yaml");
        assertThat(Spec.check("example.yaml", shown.get(0))).isEmpty();
    }

    @Test
    void itNamesEveryFunctionOfAnExpression() throws IOException {
        String problem = Spec.check(
                        "functions.yaml",
                        "{headrace: 1, name: x, connector: {base_url: 'https://a.b'}, streams: {a: {request: '{{ none() }}'}}}")
                .toString();
        List<String> named = FUNCTION.matcher(byHand(Files.readString(PAGE)))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(problem).contains("there are " + String.join(", ", named));
    }

    @Test
    void itsDefaultsAreThoseOfTheLibrary() {
        Map<String, String> told = new HashMap<>();
        String section = "";
        for (String line : YamlReference.page().lines().toList()) {
            section = line.startsWith("### ") ? line.substring(4) : section;
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                told.put(section + "." + row.group(1), row.group(2));
            }
        }

        DEFAULTS.forEach((key, value) -> assertThat(told)
                .hasEntrySatisfying(
                        key,
                        said -> assertThat(value instanceof Duration ? duration(said) : said)
                                .as(key)
                                .isEqualTo(value instanceof Duration ? value : String.valueOf(value))));
        assertThat(Pattern.compile("\\d{3}")
                        .matcher(told.getOrDefault("retry.statuses", ""))
                        .results())
                .map(status -> Integer.valueOf(status.group()))
                .containsExactlyInAnyOrderElementsOf(Defaults.RETRY_STATUSES);
        assertThat(Pattern.compile("[A-Z]+")
                        .matcher(told.getOrDefault("retry.methods", ""))
                        .results())
                .map(MatchResult::group)
                .containsExactlyInAnyOrderElementsOf(Defaults.RETRY_METHODS);
    }

    private static Duration duration(String text) {
        return text.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                : Duration.parse("PT" + text);
    }

    @Test
    void saysOfEveryKeyWhatItIs() {
        assertThat(YamlReference.page().lines().filter(line -> line.startsWith("| `")))
                .hasSizeGreaterThan(250)
                .allMatch(line -> line.matches("\\| `\\w+` \\| \\S[^|]* \\|.*"), "has a value and a description");
    }
}
