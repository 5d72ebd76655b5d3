package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearsalTest {

    /** A call that failed early would leave out of the archive what it did not come to. */
    @Test
    void doesWhatEachCommandDoes() throws Exception {
        assertThat(Rehearsal.exitCodes()).containsExactly(0, 0, 0, 0, 0, 1);
    }
}
