package dev.headrace.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.OwnFailure;
import dev.headrace.state.StateStoreException;
import org.junit.jupiter.api.Test;

class HeadraceExceptionTest {

    @Test
    void pointsToWhereTheGuideTellsOfItsClass() {
        assertThat(new StateStoreException(FailureKind.LOCAL, "no room", null).help())
                .isEqualTo("docs/troubleshooting.md#statestoreexception");
    }

    @Test
    void pointsToWhatItExtendsWhereTheClassIsSomebodyElses() {
        assertThat(new OwnFailure().help()).isEqualTo("docs/troubleshooting.md#headraceexception");
    }
}
