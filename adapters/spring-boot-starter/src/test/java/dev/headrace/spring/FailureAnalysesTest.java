package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.MapPropertySource;

/** What is said of properties that cannot be bound. */
class FailureAnalysesTest {

    private static final String SECRET = "s3cr3t-value";

    @ParameterizedTest
    @CsvSource({
        "auth.bearer.tokn, auth.bearer.token",
        "auth.baerer.token, auth.bearer",
        "auth.oauth2.client-secert, auth.oauth2.client-secret",
        "retry.max-retires, retry.max-retries",
        "base-ulr, base-url",
        "rate-limit.permit, rate-limit.permits"
    })
    void misspeltNameIsSaidWithTheOneThatWasMeant(String misspelt, String meant) {
        FailureAnalysis analysis = analysis(misspelt + "=" + SECRET);

        assertThat(analysis.getDescription())
                .startsWith("These properties of Headrace cannot be used:\n\n    headrace.connectors.github.")
                .contains("did you mean headrace.connectors.github." + meant + "?")
                .doesNotContain(SECRET);
        assertThat(analysis.getAction()).isEqualTo("Correct the names, or remove the properties.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.something-else.token", "auth.bearer.token.deeper", "entirely-different"})
    void nothingIsMeantThatIsNotNear(String unknown) {
        assertThat(analysis("auth.bearer.token=x", unknown + "=" + SECRET).getDescription())
                .contains("headrace.connectors.github." + unknown)
                .doesNotContain("did you mean")
                .doesNotContain(SECRET);
    }

    @Test
    void misspeltNameOfOurOwnLevel() {
        Contexts.core()
                .withPropertyValues("headrace.shutdown-grance=5s")
                .run(context -> assertThat(Analyses.of(Objects.requireNonNull(context.getStartupFailure()))
                                .getDescription())
                        .contains("headrace.shutdown-grance")
                        .contains("did you mean headrace.shutdown-grace?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.bearer", "auth", "auth.oauth2", "headers", "proxy"})
    void valueWhereAGroupIsMeantIsNotShown(String group) {
        assertThat(analysis(group + "=" + SECRET).getDescription())
                .startsWith("The property headrace.connectors.github." + group + " cannot be read")
                .endsWith("It has no value of its own; set the properties below it.")
                .doesNotContain(SECRET);
    }

    @Test
    void valueOfTheWrongKindIsNotShownAmongCredentials() {
        assertThat(analysis(
                                "auth.oauth2.token-url=https://a.example.com",
                                "auth.oauth2.client-id=c",
                                "auth.oauth2.timeout=" + SECRET)
                        .getDescription())
                .startsWith("The property headrace.connectors.github.auth.oauth2.timeout cannot be read")
                .contains("java.time.Duration")
                .doesNotContain(SECRET);
    }

    @Test
    void emptySecretIsRefused() {
        assertThat(analysis("auth.bearer.token=").getDescription())
                .startsWith("The property headrace.connectors.github.auth.bearer.token cannot be read")
                .contains("is empty");
    }

    @Test
    void textBecomesASecretWithoutReflection() {
        Contexts.github("https://api.github.com", "auth.bearer.token=")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(TextToSecret.class.getName())
                        .hasStackTraceContaining("A secret must not be empty"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.bearer.token", "auth.oauth2.client-secret", "proxy.password"})
    void secretThatIsANumberIsRefusedAndNotShown(String property) {
        Contexts.github("https://api.github.com")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource(
                                "yaml", Map.of("headrace.connectors.github." + property, 1234567))))
                .run(context -> {
                    Throwable failure = Objects.requireNonNull(context.getStartupFailure());

                    assertThat(Analyses.of(failure).getDescription())
                            .startsWith("The property headrace.connectors.github." + property + " cannot be read")
                            .endsWith("put the secret in quotes.")
                            .doesNotContain("1234567");
                    assertThat(failure.getMessage()).doesNotContain("1234567");
                    assertThat(failure).rootCause().hasMessageNotContaining("1234567");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"headrace.connectors", "headrace.connectors.github", "headrace.connectors[git.hub]"})
    void valueWhereConnectorsAreMeantIsNotShown(String group) {
        Contexts.core()
                .withPropertyValues(group + "=" + SECRET)
                .run(context -> assertThat(Analyses.of(Objects.requireNonNull(context.getStartupFailure()))
                                .getDescription())
                        .startsWith("The property " + group)
                        .endsWith("It has no value of its own; set the properties below it.")
                        .doesNotContain(SECRET));
    }

    @Test
    void emptyFileNameIsSaidToBeEmpty() {
        assertThat(analysis("auth.bearer.token-file=").getDescription())
                .contains("headrace.connectors.github.auth.bearer.token-file")
                .endsWith("; it is empty");
    }

    @Test
    void valueOfTheWrongKindIsShownElsewhere() {
        assertThat(analysis("timeouts.head=soon").getDescription()).contains("soon");
    }

    private static FailureAnalysis analysis(String... properties) {
        FailureAnalysis[] found = new FailureAnalysis[1];
        Contexts.github("https://api.github.com", properties).run(context -> {
            assertThat(context).hasFailed();
            found[0] = Analyses.of(Objects.requireNonNull(context.getStartupFailure()));
        });
        return found[0];
    }
}
