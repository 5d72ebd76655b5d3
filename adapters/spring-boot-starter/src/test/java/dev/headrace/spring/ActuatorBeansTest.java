package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** When credentials are kept out of what Actuator shows. */
class ActuatorBeansTest {

    private static final String BEAN = "headraceSanitizingFunction";

    private final ApplicationContextRunner github = Contexts.github(
                    "https://api.github.com", "auth.bearer.token=s3cr3t-token")
            .withConfiguration(AutoConfigurations.of(HeadraceActuatorAutoConfiguration.class));

    @Test
    void secretsAreHiddenAndNothingElse() {
        github.run(context -> {
            SanitizingFunction hiding = context.getBean(SanitizingFunction.class);

            assertThat(shown(hiding, "GITHUB_TOKEN", "s3cr3t-token")).isEqualTo(SanitizableData.SANITIZED_VALUE);
            assertThat(shown(hiding, "headrace.connectors.other.auth.bearer.token", "any"))
                    .isEqualTo(SanitizableData.SANITIZED_VALUE);
            assertThat(shown(hiding, "HTTPS_PROXY", "http://me:pw@proxy")).isEqualTo(SanitizableData.SANITIZED_VALUE);
            assertThat(shown(hiding, "spring.application.name", "shop")).isEqualTo("shop");
            SanitizableData nothing = new SanitizableData(null, "headrace.connectors.other.auth.bearer.token", null);
            assertThat(hiding.apply(nothing)).isSameAs(nothing);
        });
    }

    private static Object shown(SanitizingFunction hiding, String key, Object value) {
        return Objects.requireNonNull(
                hiding.apply(new SanitizableData(null, key, value)).getValue());
    }

    @Test
    void ofTheUsersWins() {
        SanitizingFunction own = data -> data;
        github.withBean(BEAN, SanitizingFunction.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(SanitizingFunction.class)).isSameAs(own));
    }

    @Test
    void nothingWithoutTheLibrary() {
        github.withClassLoader(new FilteredClassLoader(SanitizingFunction.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }
}
