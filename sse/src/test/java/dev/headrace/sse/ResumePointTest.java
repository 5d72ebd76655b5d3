package dev.headrace.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResumePointTest {

    private final ResumePoint point = new ResumePoint("0");

    @Test
    void goesOnBehindWhatWasEmitted() {
        read("1");
        assertThat(point.lastEventId()).isEqualTo("0");
        point.enforce();
        assertThat(point.lastEventId()).isEqualTo("0");
        assertThat(point.found()).isEqualTo("1");
        point.pass();
        assertThat(point.lastEventId()).isEqualTo("1");
    }

    @Test
    void knowsOfABlockWithoutDataThoughTheNextIdHasBeenRead() {
        read("1");
        point.enforce();
        read("2");
        assertThat(point.lastEventId()).isEqualTo("0");
        point.pass();
        assertThat(point.lastEventId()).isEqualTo("1");
        point.enforce();
        point.pass();
        assertThat(point.lastEventId()).isEqualTo("2");
    }

    @Test
    void forgetsWithTheConnectionWhatWasNotPassed() {
        read("1");
        point.enforce();
        point.pass();
        read("2");
        point.enforce();
        read("3");

        point.begin();

        assertThat(point.found()).isEqualTo("1");
        assertThat(point.lastEventId()).isEqualTo("1");
        point.pass();
        assertThat(point.lastEventId()).isEqualTo("1");
    }

    @Test
    void passesOneByOneWhatWasFoundTogether() {
        read("1");
        point.enforce();
        read("2");
        point.enforce();
        read("3");
        pass("1");
        assertThat(point.lastEventId()).isEqualTo("1");
        pass("2");
        assertThat(point.lastEventId()).isEqualTo("2");
        point.pass();
        assertThat(point.lastEventId()).isEqualTo("2");
        point.enforce();
        point.pass();
        assertThat(point.lastEventId()).isEqualTo("3");
    }

    @Test
    void takesAnEmptyIdForOne() {
        read("");
        point.enforce();
        point.pass();
        assertThat(point.lastEventId()).isEmpty();
    }

    @Test
    void growsWithTheId() {
        String longId = "x".repeat(10_000);
        read(longId);
        point.enforce();
        point.pass();
        read("1");
        assertThat(point.lastEventId()).isEqualTo(longId);
    }

    private void read(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        point.read(bytes, 0, bytes.length);
    }

    private void pass(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        point.pass(bytes, 0, bytes.length);
    }
}
