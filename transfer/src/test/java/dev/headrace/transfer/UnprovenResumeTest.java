package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.Fault;
import dev.headrace.test.RangeFile;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that give nothing which tells one version of a file from another. */
class UnprovenResumeTest {

    private static final int SIZE = 400_000;
    private static final int DONE = 200_000;
    /** 64 KiB before the end, cut to a multiple of as much. */
    private static final String COMPARING = "bytes=131072-";

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private static final String OLD_ENOUGH = "Mon, 01 Jan 2024 00:01:00 GMT";
    private static final String TOO_YOUNG = "Mon, 01 Jan 2024 00:00:59 GMT";

    static Stream<Arguments> withoutValidator() {
        return Stream.of(
                how("nothing at all", RangeFile::omittingValidators),
                how(
                        "a weak tag and a date too young",
                        file -> file.weakeningEtag().header("Date", TOO_YOUNG)));
    }

    private static Arguments how(String name, Function<RangeFile, Fault<RangeFile>> fault) {
        return Arguments.of(name, fault);
    }

    private Download provable(Origin origin) {
        return origin.comparing(destination).resumePolicy(ResumePolicy.LENGTH_AND_OVERLAP);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withoutValidator")
    void goesOnWhenTheLengthIsTheSameAndTheLastBytesAreToo(
            String name, Function<RangeFile, Fault<RangeFile>> how) { // 45
        RangeFile file = how.apply(RangeFile.ofSize(SIZE).cutting(DONE)).always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(provable(origin));

            assertIs(file, destination);
            assertThat(result.resumedFrom()).isEqualTo(DONE);
            assertThat(result.bytes()).isEqualTo(SIZE - DONE);
            assertThat(origin.ranges()).containsExactly("", COMPARING);
            assertThat(origin.server().requests().get(1).header("If-Range")).isEmpty();
            assertThat(origin.server().requests().get(1).header("If-Match")).isEmpty();
        }
    }

    @Test
    void goesOnInTheSameRunToo() { // 45
        RangeFile file = RangeFile.ofSize(SIZE).omittingValidators().always().cutting(DONE, 100_000);
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(provable(origin));

            assertIs(file, destination);
            assertThat(result.bytes()).isEqualTo(SIZE);
            assertThat(result.requests()).isEqualTo(3);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withoutValidator")
    void startsOverByDefault(String name, Function<RangeFile, Fault<RangeFile>> how) { // 45
        RangeFile file = how.apply(RangeFile.ofSize(SIZE).cutting(DONE)).always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.comparing(destination));

            assertIs(file, destination);
            assertThat(result.restarts()).isOne();
            assertThat(origin.ranges()).containsExactly("", "");
        }
    }

    @Test
    void startsOverWhenTheLastBytesDiffer() { // 45, 31
        RangeFile file = RangeFile.ofSize(SIZE).omittingValidators().always().cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceWith(SIZE, 2);

            Downloaded result = run(provable(origin));

            assertIs(file, destination);
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isOne();
            assertThat(origin.ranges()).containsExactly("", COMPARING, "");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE + 1, SIZE - 1, DONE})
    void startsOverWhenTheLengthDiffersThoughTheBytesDoNot(int length) { // 45, 36
        RangeFile file = RangeFile.ofSize(SIZE).omittingValidators().always().cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceWith(length, 1);

            Downloaded result = run(provable(origin));

            assertIs(file, destination);
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isOne();
        }
    }

    @Test
    void startsOverWhenNothingIsCompared() { // 45
        RangeFile file = RangeFile.ofSize(SIZE).omittingValidators().always().cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(run(provable(origin).overlap(0)).restarts()).isOne();
            assertThat(origin.ranges()).containsExactly("", "");
        }
    }

    @Test
    void startsOverWhenTheLengthIsNotKnown() { // 45
        RangeFile file = RangeFile.ofSize(SIZE)
                .omittingValidators()
                .always()
                .chunked()
                .always()
                .cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(run(provable(origin)).restarts()).isOne();
            assertThat(origin.ranges()).containsExactly("", "");
            assertIs(file, destination);
        }
    }

    @Test
    void startsOverWhenAPartHidesTheLength() { // 45, 35
        RangeFile file = RangeFile.ofSize(SIZE)
                .omittingValidators()
                .always()
                .cutting(DONE)
                .hidingTotal()
                .always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(run(provable(origin)).restarts()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void goesOnWhenAPartOmitsTheTagThatTheFirstAnswerHad() { // 38
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .omittingValidators()
                .onRequest(2)
                .always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(provable(origin));

            assertIs(file, destination);
            assertThat(result.resumedFrom()).isEqualTo(DONE);
            assertThat(origin.server().requests().get(1).header("If-Range")).contains(file.etag());
            assertThat(result.requests()).isOne();
        }
    }

    @Test
    void startsOverWhenAPartOmitsTheTagAndItsBytesDiffer() { // 38
        RangeFile file = RangeFile.ofSize(SIZE)
                .ignoringIfRange()
                .always()
                .cutting(DONE)
                .omittingValidators()
                .onRequest(2)
                .always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceWith(SIZE, 2);

            assertThat(run(provable(origin)).restarts()).isOne();
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @EnumSource(ResumePolicy.class)
    void startsOverWhenAPartHasAnotherTagThoughItsBytesDoNotDiffer(ResumePolicy policy) { // 37
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .ignoringIfRange()
                .always()
                .claimingEtag("\"other\"")
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.comparing(destination).resumePolicy(policy));

            assertIs(file, destination);
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isOne();
        }
    }

    @Test
    void goesOnByTheDateAlone() { // 44
        RangeFile file = RangeFile.ofSize(SIZE)
                .weakeningEtag()
                .header("Date", OLD_ENOUGH)
                .always()
                .cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(run(origin.comparing(destination)).resumedFrom()).isEqualTo(DONE);
            assertThat(origin.ranges()).containsExactly("", COMPARING);
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void startsOverWhenTheDateIsAnother(boolean believing) { // 44, 37
        RangeFile plain = RangeFile.ofSize(SIZE)
                .weakeningEtag()
                .header("Date", OLD_ENOUGH)
                .always()
                .cutting(DONE);
        RangeFile file = believing ? plain : plain.ignoringIfRange().always();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceWith(SIZE, 2);

            Downloaded result = run(origin.download(destination));

            assertIs(file, destination);
            assertThat(result.restarts()).isOne();
            assertThat(origin.server().requests().get(1).header("If-Range")).contains("Mon, 01 Jan 2024 00:00:00 GMT");
        }
    }

    @Test
    void keepsWhatItHasWhenAPartComesThoughTheWholeWasAskedFor() { // 41
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .omittingContentRange()
                .onRequest(2)
                .once()
                .rangingUnasked()
                .onRequest(3)
                .once();
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            assertThat(failureOf(origin.download(destination))).isInstanceOf(ContentRangeException.class);
            assertThat(part(destination)).hasSize(DONE);
            assertThat(journal(destination)).exists();

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
            assertIs(file, destination);
        }
    }

    @Test
    void takesNoPartOfSuchAnAnswerEither() { // 41
        RangeFile file = RangeFile.ofSize(SIZE)
                .rangingUnasked()
                .always()
                .shorteningRanges(DONE)
                .always();
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(ContentRangeException.class);
            assertThat(origin.server().requests()).hasSize(1);
            assertOnly(directory);
        }
    }
}
