package dev.headrace.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What policies say, and what they refuse. */
class CommitPolicyTest {

    @Test
    void givesANewPolicyForEachChange() {
        CommitPolicy count = CommitPolicy.every(7);

        CommitPolicy both = count.orAfter(Duration.ofMillis(20));

        assertThat(count.after()).isEmpty();
        assertThat(both.elements()).isEqualTo(7);
        assertThat(both.after()).contains(Duration.ofMillis(20));
    }

    @Test
    void savesEachElementAtOnce() {
        assertThat(CommitPolicy.eachElement().elements()).isOne();
        assertThat(CommitPolicy.eachElement().after()).isEmpty();
    }

    @Test
    void takesAsMuchTimeAsItNeedsUnlessAShareIsGiven() {
        assertThat(CommitPolicy.every(7).orAfter(Duration.ofSeconds(1)).share()).isOne();
        assertThat(CommitPolicy.every(7).distanceAfter(1_000)).isZero();

        CommitPolicy quarter = CommitPolicy.every(7).withinShare(0.25).orAfter(Duration.ofSeconds(1));

        assertThat(quarter.share()).isEqualTo(0.25);
        assertThat(quarter.elements()).isEqualTo(7);
        assertThat(quarter.distanceAfter(1_000)).isEqualTo(3_000);
        assertThat(CommitPolicy.every(7).withinShare(Double.MIN_VALUE).distanceAfter(1_000))
                .isEqualTo(1L << 62);
    }

    @Test
    void namesTheSettingThatIsWrong() {
        assertThatThrownBy(() -> CommitPolicy.every(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("elements must be at least 1, but is 0");
        assertThatThrownBy(() -> CommitPolicy.every(1).orAfter(Duration.ofNanos(999_999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("after must be at least 1 ms, but is PT0.000999999S");
        assertThatThrownBy(() -> CommitPolicy.every(1).withinShare(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("share must be above 0 and at most 1, but is 0.0");
        assertThatThrownBy(() -> CommitPolicy.every(1).withinShare(1.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CommitPolicy.every(1).withinShare(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Checkpoints.committing(StateStore.inMemory(), ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void printsWhatItDoes() {
        assertThat(CommitPolicy.every(5)).hasToString("CommitPolicy[every 5]");
        assertThat(CommitPolicy.defaults())
                .hasToString("CommitPolicy[every 100, or after PT1S, within a share of 0.1]");
    }
}
