package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorTest {

    private static final String CHANGED = "Tue, 15 Nov 1994 12:45:26 GMT";

    @ParameterizedTest
    @CsvSource({
        "\"v1\", true",
        "\"\", true",
        "W/\"v1\", false",
        "v1, false",
        "\"v1, false",
        "\"v1\"x, false",
        "w/\"v1\", false"
    })
    void takesOnlyQuotedTagsForStrong(String etag, boolean strong) {
        assertThat(Validator.of(Headers.of("ETag", etag)).hasStrongEtag()).isEqualTo(strong);
    }

    @ParameterizedTest
    @CsvSource({
        "'Tue, 15 Nov 1994 12:46:26 GMT', true",
        "'Tue, 15 Nov 1994 12:46:25 GMT', false",
        "'Tue, 15 Nov 1994 12:45:26 GMT', false",
        "'Tue, 15 Nov 1994 12:40:00 GMT', false",
        "'Wed, 15 Nov 1995 12:45:26 GMT', true",
        "'yesterday', false",
        "'', false"
    })
    void takesADateForStrongWhenItIsAMinuteOlderThanTheResponse(String date, boolean strong) {
        Headers headers = Headers.of("Last-Modified", CHANGED, "Date", date);

        assertThat(Validator.of(headers).hasStrongDate()).isEqualTo(strong);
    }

    @Test
    void asksWithTheTagRatherThanWithTheDate() {
        Headers headers =
                Headers.of("ETag", "\"v1\"", "Last-Modified", CHANGED, "Date", "Wed, 15 Nov 1995 12:45:26 GMT");

        assertThat(Validator.of(headers).ifRange()).contains("\"v1\"");
    }

    @Test
    void neverSendsAWeakTag() {
        assertThat(Validator.of(Headers.of("ETag", "W/\"v1\"")).ifRange()).isEmpty();
    }

    @Test
    void asksWithAStrongDateBesideAWeakTag() { // 44
        Headers headers =
                Headers.of("ETag", "W/\"v1\"", "Last-Modified", CHANGED, "Date", "Wed, 15 Nov 1995 12:45:26 GMT");

        assertThat(Validator.of(headers).ifRange()).contains(CHANGED);
    }

    @Test
    void ignoresATagThatIsTooLongToKeep() {
        assertThat(Validator.of(Headers.of("ETag", "\"" + "x".repeat(1023) + "\""))
                        .ifRange())
                .isEmpty();
    }

    @Test
    void isConfirmedByTheSameTagOnly() {
        Validator validator = Validator.of(Headers.of("ETag", "\"v1\"", "Last-Modified", CHANGED));

        assertThat(validator.isConfirmedBy(Headers.of("ETag", "\"v1\""))).isTrue();
        assertThat(validator.isConfirmedBy(Headers.of("ETag", "\"v2\"", "Last-Modified", CHANGED)))
                .isFalse();
        assertThat(validator.isConfirmedBy(Headers.of("ETag", "W/\"v1\""))).isFalse();
        assertThat(validator.isConfirmedBy(Headers.of("Last-Modified", CHANGED)))
                .isFalse();
        assertThat(validator.isConfirmedBy(Headers.none())).isFalse();
    }

    @Test
    void isConfirmedByTheSameDateWhenThereIsNoStrongTag() {
        Validator validator =
                Validator.of(Headers.of("Last-Modified", CHANGED, "Date", "Wed, 15 Nov 1995 12:45:26 GMT"));

        assertThat(validator.isConfirmedBy(Headers.of("Last-Modified", CHANGED)))
                .isTrue();
        assertThat(validator.isConfirmedBy(Headers.of("Last-Modified", "Tue, 15 Nov 1994 12:45:27 GMT")))
                .isFalse();
        assertThat(validator.isConfirmedBy(Headers.none())).isFalse();
    }
}
