package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a capability says of its failure, and what follows from it. */
class CapabilityExceptionTest {

    @ParameterizedTest
    @CsvSource({
        "rate_limit, TRANSIENT",
        "timeout, TRANSIENT",
        "request_timeout, TRANSIENT",
        "service_error, TRANSIENT",
        "bad_gateway, TRANSIENT",
        "unauthorized, CONFIGURATION",
        "permission_denied, CONFIGURATION",
        "not_found, CONFIGURATION",
        "internal_error, PERMANENT",
        "unexpected_error, PERMANENT",
        "bad_request, CONFIGURATION",
        "invalid_value, CONFIGURATION",
        "seat_taken, PERMANENT"
    })
    void isOfTheKindOfItsCode(String code, FailureKind kind) {
        List<ErrorCode> both =
                List.of(ErrorCode.custom(code), ErrorCode.custom(code).detail("more"));

        assertThat(both)
                .extracting(of -> CapabilityException.of(of, "no").kind())
                .containsOnly(kind);
    }

    @Test
    void keepsAllButWhatIsChanged() {
        IllegalStateException cause = new IllegalStateException("deep down");
        Instant later = Instant.parse("2026-01-02T03:04:05Z");

        CapabilityException failure = CapabilityException.of(ErrorCode.CONFLICT, "There is one", cause)
                .status(409)
                .retryAt(later);

        assertThat(failure).hasMessage("There is one").hasCause(cause);
        assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(failure.status()).hasValue(409);
        assertThat(failure.retryAt()).contains(later);
        assertThat(failure.status(412).retryAt()).contains(later);
    }

    @Test
    void knowsNoStatusUntilItIsSaid() {
        CapabilityException failure = CapabilityException.of(ErrorCode.CONFLICT, "There is one");

        assertThat(failure.status()).isEmpty();
        assertThat(failure.retryAt()).isEmpty();
        assertThat(failure).hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 99, 600, -1})
    void refusesWhatIsNoStatus(int status) {
        CapabilityException failure = CapabilityException.of(ErrorCode.CONFLICT, "There is one");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> failure.status(status))
                .withMessage("status must be 100 to 599, but is " + status);
    }
}
