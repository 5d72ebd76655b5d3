package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Secret;
import dev.headrace.state.StateStore;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Which refresh token is asked with. */
class RefreshTokensTest {

    private static final Secret CONFIGURED = Secret.of("configured");
    private static final Secret OTHER = Secret.of("other");
    private static final Secret REPLACED = Secret.of("replaced");
    private static final String KEY = "headrace.connectors.github.auth.oauth2.refresh-token";

    private final StateStore store = StateStore.inMemory();
    private final RefreshTokens.Place place =
            new RefreshTokens(() -> store).under(new PropertyPath("headrace.connectors.github.auth.oauth2"));

    @Test
    void theOneConfiguredUntilThereIsAnother() {
        assertThat(latest(CONFIGURED)).isEqualTo(CONFIGURED);
        keep(REPLACED);
        assertThat(latest(CONFIGURED)).isEqualTo(REPLACED);
    }

    @Test
    void successorOfAnotherOneIsNotTaken() {
        assertThat(latest(CONFIGURED)).isEqualTo(CONFIGURED);
        keep(REPLACED);

        assertThat(latest(OTHER)).isEqualTo(OTHER);
    }

    @Test
    void successorBelongsToTheOneAskedWithNotToOneThatHasComeMeanwhile() {
        assertThat(latest(CONFIGURED)).isEqualTo(CONFIGURED);
        keep(REPLACED);
        keep(Secret.of("replaced again"));

        assertThat(latest(OTHER)).isEqualTo(OTHER);
        assertThat(latest(CONFIGURED)).isEqualTo(Secret.of("replaced again"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[1]", "{\"configured\": 7}", "\"text\""})
    void documentOfAnotherKindIsNoToken(String document) {
        var unused = store.save(KEY, JsonMapper.shared().readTree(document)).block(Duration.ofSeconds(10));

        assertThat(latest(CONFIGURED)).isEqualTo(CONFIGURED);
    }

    private Secret latest(Secret configured) {
        return Objects.requireNonNull(place.latest(configured).block(Duration.ofSeconds(10)));
    }

    private void keep(Secret token) {
        var unused = place.keep(token).block(Duration.ofSeconds(10));
    }
}
