package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.headrace.http.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several cursors in one token. M46 */
class ContinuationTokenTest {

    private static final Secret KEY = Secret.of("a key that nobody else has");

    private static final ContinuationToken TWO =
            ContinuationToken.empty().with("/users?a=b", "Jörg \"x\"").with("issues", "17");

    @Test
    void bringsBackEveryCursor() { // M46
        ContinuationToken back = ContinuationToken.parse(TWO.text());

        assertThat(back).isEqualTo(TWO).hasSameHashCodeAs(TWO);
        assertThat(back.cursor("/users?a=b")).contains("Jörg \"x\"");
        assertThat(back.cursor("issues")).contains("17");
        assertThat(back.cursor("else")).isEmpty();
    }

    @Test
    void isWrittenAsVersionedJsonInUrlSafeLetters() {
        assertThat(TWO.text()).matches("[A-Za-z0-9_-]+");
        assertThat(new String(Base64.getUrlDecoder().decode(TWO.text()), StandardCharsets.UTF_8))
                .isEqualTo("{\"v\":1,\"c\":{\"/users?a=b\":\"Jörg \\\"x\\\"\",\"issues\":\"17\"}}");
    }

    @Test
    void isTheSameTextInWhateverOrderItWasMade() {
        ContinuationToken other = ContinuationToken.empty()
                .with("issues", "16")
                .with("issues", "17")
                .with("/users?a=b", "Jörg \"x\"");

        assertThat(other.text()).isEqualTo(TWO.text());
    }

    @Test
    void isNotChangedByWhatIsMadeOfIt() {
        ContinuationToken less = TWO.without("issues");

        assertThat(less.cursor("issues")).isEmpty();
        assertThat(less.cursor("/users?a=b")).isPresent();
        assertThat(TWO.cursor("issues")).contains("17");
        assertThat(ContinuationToken.empty().isEmpty()).isTrue();
        assertThat(less.without("/users?a=b").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @NullAndEmptySource
    void beginsWithoutAToken(String text) {
        assertThat(ContinuationToken.parse(text)).isEqualTo(ContinuationToken.empty());
        assertThat(ContinuationToken.parse(text, KEY)).isEqualTo(ContinuationToken.empty());
        assertThat(ContinuationToken.empty().text()).isEmpty();
        assertThat(ContinuationToken.empty().signed(KEY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc!",
                "a b",
                "ü",
                "e30", // {}
                "W10", // []
                "bnVsbA", // null
                "eyJ2IjoxfQ", // {"v":1}
                "eyJ2IjoiMSIsImMiOnt9fQ", // {"v":"1","c":{}}
                "eyJ2IjoxLCJjIjpbXX0", // {"v":1,"c":[]}
                "eyJ2IjoxLCJjIjp7ImEiOjF9fQ", // {"v":1,"c":{"a":1}}
                "eyJ2IjoxLCJjIjp7fX0_" // {"v":1,"c":{}} and more
            })
    void refusesWhatItDidNotMake(String text) {
        assertRefused(() -> ContinuationToken.parse(text), "was not made here");
    }

    @Test
    void refusesAnotherVersion() {
        String next =
                Base64.getUrlEncoder().encodeToString("{\"v\":2,\"c\":{\"a\":\"b\"}}".getBytes(StandardCharsets.UTF_8));

        assertRefused(() -> ContinuationToken.parse(next), "is of version 2, but this is version 1");
    }

    @Test
    void refusesWhatIsTooLong() {
        String text = "A".repeat(64 * 1024 + 1);

        assertRefused(() -> ContinuationToken.parse(text), "is longer than 64 KiB");
        assertRefused(() -> ContinuationToken.parse(text, KEY), "is longer than 64 KiB");
    }

    @Test
    void givesNoTokenThatItWouldRefuse() {
        ContinuationToken large = ContinuationToken.empty().with("a", "x".repeat(49_130));

        assertThat(ContinuationToken.parse(large.text())).isEqualTo(large);
        assertThatIllegalStateException()
                .isThrownBy(() -> large.signed(KEY))
                .withMessageContaining("64 KiB")
                .withMessageNotContaining("xxx");
        ContinuationToken larger = large.with("b", "x".repeat(100));
        assertThatIllegalStateException().isThrownBy(larger::text);
    }

    @Test
    void bringsBackWhatItSigned() {
        String signed = TWO.signed(KEY);

        assertThat(signed).startsWith(TWO.text() + ".").hasSize(TWO.text().length() + 1 + 43);
        assertThat(ContinuationToken.parse(signed, Secret.of(KEY.reveal()))).isEqualTo(TWO);
    }

    @Test
    void refusesWhatIsNotSignedByItsKey() {
        String signed = TWO.signed(KEY);
        String signature = signed.substring(signed.indexOf('.'));
        String other = TWO.with("issues", "18").text() + signature;

        assertRefused(() -> ContinuationToken.parse(TWO.text(), KEY), "is not signed as it should be");
        assertRefused(() -> ContinuationToken.parse(other, KEY), "is not signed as it should be");
        assertRefused(() -> ContinuationToken.parse(TWO.text() + ".", KEY), "is not signed as it should be");
        assertRefused(() -> ContinuationToken.parse(signed.substring(0, signed.length() - 1), KEY), "is not signed");
        assertRefused(() -> ContinuationToken.parse(signed + "A", KEY), "is not signed");
        assertRefused(() -> ContinuationToken.parse(signed, Secret.of("another key")), "is not signed");
    }

    @Test
    void refusesASignedTokenWhereNobodyChecksIt() {
        assertRefused(() -> ContinuationToken.parse(TWO.signed(KEY)), "is signed, which is not done here");
    }

    @Test
    void printsNoCursor() {
        assertThat(TWO).hasToString("ContinuationToken[/users?a=b, issues]");
    }

    private static void assertRefused(Runnable parsing, String problem) {
        assertThatExceptionOfType(CapabilityException.class)
                .isThrownBy(parsing::run)
                .withMessageContaining("The page token " + problem)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }
}
