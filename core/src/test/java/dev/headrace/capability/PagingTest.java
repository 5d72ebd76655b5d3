package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.http.Secret;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where in a list a request is. */
class PagingTest {

    @Test
    void isReadFromAndWrittenAsJson() {
        Paging paging = Json.read(Json.tree("{\"token\":\"abc\",\"size\":20}"), Paging.class);

        assertThat(paging).isEqualTo(new Paging("abc", 20));
        assertThat(Json.writeText(paging)).isEqualTo("{\"token\":\"abc\",\"size\":20}");
        assertThat(Json.read(Json.tree("{}"), Paging.class)).isEqualTo(Paging.NONE);
    }

    @Test
    void takesAnEmptyTokenForNone() {
        assertThat(new Paging("", null)).isEqualTo(Paging.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesASizeThatIsNotPositive(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Paging(null, size))
                .withMessage("size must be positive, but is " + size);
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> Json.read(Json.tree("{\"size\":" + size + "}"), Paging.class));
    }

    @Test
    void opensItsToken() {
        Secret key = Secret.of("0123456789");
        ContinuationToken token = ContinuationToken.empty().with("issues", "17");

        assertThat(new Paging(token.text(), null).continuation()).isEqualTo(token);
        assertThat(new Paging(token.signed(key), null).continuation(key)).isEqualTo(token);
        assertThat(Paging.NONE.continuation().isEmpty()).isTrue();
    }

    @Test
    void doesNotPrintItsToken() {
        assertThat(new Paging("abc", 20)).hasToString("Paging[token, size 20]");
        assertThat(Paging.NONE).hasToString("Paging[no token]");
    }
}
