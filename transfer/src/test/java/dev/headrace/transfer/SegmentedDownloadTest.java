package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.HttpStatusException;
import dev.headrace.test.RangeFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several ranges of one file at once. */
class SegmentedDownloadTest {

    private static final long SIZE = 8_000_000;
    // A quarter of the size, cut to a multiple of 64 KiB, and the others at multiples as well.
    private static final long SECOND = 1_966_080;
    private static final long THIRD = 3_997_696;
    private static final long FOURTH = 5_963_776;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private static List<String> partsOfFour() {
        return List.of(
                "bytes=0-",
                "bytes=" + SECOND + "-" + (THIRD - 1),
                "bytes=" + THIRD + "-" + (FOURTH - 1),
                "bytes=" + FOURTH + "-");
    }

    @Test
    void loadsEachPartByARangeBoundToTheVersionOfTheFirst() {
        RangeFile file = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(4).expect(Digest.sha256(file.sha256())));

            assertIs(file, destination);
            assertThat(result.requests()).isEqualTo(4);
            assertThat(result.bytes()).isEqualTo(SIZE);
            assertThat(origin.ranges()).containsExactlyInAnyOrderElementsOf(partsOfFour());
            assertThat(origin.server().requests().subList(1, 4))
                    .allSatisfy(
                            request -> assertThat(request.header("If-Match")).contains(file.etag()));
            assertOnly(directory, "file.bin");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 32})
    void putsAnyNumberOfPartsTogether(int segments) {
        RangeFile file = RangeFile.ofSize(SIZE + segments);
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination).segments(segments));

            assertIs(file, destination);
        }
    }

    @Test
    void loadsByOneConnectionWhatIsServedWhole() {
        RangeFile file = RangeFile.ofSize(SIZE).ignoringRange().always();
        try (Origin origin = Origin.of(file)) {
            assertThat(run(origin.download(destination).segments(4)).requests()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void loadsByOneConnectionWhatHasNoStrongTag() {
        RangeFile file = RangeFile.ofSize(SIZE).weakeningEtag().always();
        try (Origin origin = Origin.of(file)) {
            assertThat(run(origin.download(destination).segments(4)).requests()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void loadsByOneConnectionWhatIsSmall() {
        RangeFile file = RangeFile.ofSize(2 * (1 << 20) - 1);
        try (Origin origin = Origin.of(file)) {
            assertThat(run(origin.download(destination).segments(4)).requests()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void goesOnWithOneWhenAPartComesWhole() { // 65
        RangeFile file = RangeFile.ofSize(SIZE)
                .ignoringRange()
                .when(request -> request.requestHeaders().get("Range", "").startsWith("bytes=" + THIRD))
                .once();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(4));

            assertIs(file, destination);
            assertThat(result.restarts()).isZero();
            // What comes after the parts comes by one connection at a time: the first request is for the whole, or for
            // what lacks. Of the parts themselves the last may never have been asked for, if the whole came sooner.
            assertThat(origin.ranges())
                    .filteredOn(range -> !partsOfFour().contains(range))
                    .hasSizeBetween(1, 2);
        }
    }

    @Test
    void startsOverWhenAPartIsOfAnotherVersion() { // 66
        RangeFile file = RangeFile.ofSize(SIZE)
                .claimingEtag("\"other\"")
                .when(request -> request.requestHeaders().get("Range", "").startsWith("bytes=" + THIRD))
                .once();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(4));

            assertIs(file, destination);
            assertThat(result.etag()).isEqualTo(file.etag());
        }
    }

    @Test
    void startsOverWhenAServerThatKnowsNoIfMatchSendsAPartOfAnotherVersion() { // 66
        RangeFile file = RangeFile.ofSize(SIZE)
                .ignoringIfMatch()
                .always()
                .claimingEtag("\"other\"")
                .when(request -> request.requestHeaders().get("Range", "").startsWith("bytes=" + THIRD))
                .once()
                .sendingBytesOf(2)
                .when(request -> request.requestHeaders().get("Range", "").startsWith("bytes=" + THIRD))
                .once();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(4));

            assertIs(file, destination);
            assertThat(result.etag()).isEqualTo(file.etag());
            // What was not there yet cannot be thrown away.
            assertThat(result.restarts()).isLessThanOrEqualTo(1);
            // Not necessarily the last to arrive: another lane's may have been on its way.
            assertThat(origin.ranges()).filteredOn(String::isEmpty).hasSize(1);
        }
    }

    @Test
    void loadsEverythingOnceMoreWhenAPartIsOfAnotherVersionThatNoHeaderTellsOf() { // 66, 46
        RangeFile file = RangeFile.ofSize(SIZE)
                .sendingBytesOf(2)
                .when(request -> request.requestHeaders().get("Range", "").startsWith("bytes=" + THIRD))
                .once();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(4).expect(Digest.sha256(file.sha256())));

            assertIs(file, destination);
            assertThat(result.restarts()).isOne();
        }
    }

    @Test
    void startsOverWhenTheFileChangesMeanwhile() { // 66
        AtomicReference<RangeFile> served = new AtomicReference<>();
        AtomicInteger seen = new AtomicInteger();
        RangeFile file = RangeFile.ofSize(SIZE)
                .delaying(Duration.ofMillis(1))
                .when(request -> seen.incrementAndGet() == 2 && change(Objects.requireNonNull(served.get())))
                .always();
        served.set(file);
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(3));

            assertIs(file, destination);
            assertThat(result.etag()).isEqualTo(file.etag());
        }
    }

    private static boolean change(RangeFile file) {
        file.replaceWith(SIZE, 2);
        return true;
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 429, 503})
    void usesFewerConnectionsWhereTheyAreLimited(int status) { // 67
        AtomicInteger open = new AtomicInteger();
        RangeFile file = RangeFile.ofSize(SIZE)
                .throttledTo(12_000_000)
                .always()
                .failing(status)
                .when(request -> open.incrementAndGet() == 3)
                .always();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(4));

            assertIs(file, destination);
            assertThat(result.restarts()).isZero();
            assertThat(result.bytes()).isEqualTo(SIZE);
        }
    }

    @Test
    void usesFewerConnectionsWhereTheyAreReset() { // 67
        RangeFile file = RangeFile.ofSize(SIZE)
                .dropping()
                .when(request -> request.requestHeaders().get("Range", "").endsWith("-" + (FOURTH - 1)))
                .times(2);
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(4));

            assertIs(file, destination);
            assertThat(result.restarts()).isZero();
        }
    }

    @Test
    void asksForShorterRangesWhereLongOnesAreRefused() { // 68
        RangeFile file = RangeFile.ofSize(4 * SIZE)
                .failing(403)
                .when(request -> lengthOf(request.requestHeaders().get("Range", "")) > 3_000_000)
                .always();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(4));

            assertIs(file, destination);
            assertThat(result.bytes()).isEqualTo(4 * SIZE);
            assertThat(origin.ranges()).anyMatch(range -> lengthOf(range) > 1_000_000 && lengthOf(range) <= 3_000_000);
        }
    }

    /** 0 for a range without an end. */
    private static long lengthOf(String range) {
        String[] ends = range.replace("bytes=", "").split("-", -1);
        return ends.length < 2 || ends[1].isEmpty() ? 0 : Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1;
    }

    @Test
    void failsLikeAnyDownloadWhenTheLastConnectionIsRefused() {
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutAfter(100_000)
                .onRequest(1)
                .once()
                .failing(403)
                .when(request -> !request.requestHeaders().get("Range", "").equals("bytes=0-"))
                .always();
        try (Origin origin = Origin.of(file)) {
            Throwable failure = failureOf(origin.comparing(destination).segments(4));

            assertThat(failure).isInstanceOf(HttpStatusException.class).hasMessageContaining("403");
            assertThat(Origin.part(destination)).exists();
            assertThat(origin.server().requests().size()).isLessThan(40);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void goesOnWithEachPartOfAnEarlierRun(int segments) { // 69
        RangeFile whole = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(whole.cutAfter(700_000).always())) {
            failureOf(named(origin).segments(4).maxRetries(0));
        }
        try (Origin origin = Origin.of(whole)) {
            Downloaded result = run(named(origin).segments(segments).expect(Digest.sha256(whole.sha256())));

            assertIs(whole, destination);
            assertThat(result.resumedFrom()).isGreaterThanOrEqualTo(700_000);
            assertThat(result.bytes() + result.resumedFrom()).isEqualTo(SIZE);
            assertOnly(directory, "file.bin");
        }
    }

    /** Two servers of the same content. */
    private Download named(Origin origin) {
        return origin.comparing(destination).identity("the file");
    }

    @Test
    void putsTheCrc32cTogetherFromThoseOfTheParts() {
        RangeFile whole = RangeFile.ofSize(SIZE);
        CRC32C checksum = new CRC32C();
        checksum.update(whole.bytes(0, SIZE));
        Digest digest = Digest.crc32c(String.format("%08x", (int) checksum.getValue()));
        try (Origin origin = Origin.of(whole.cutAfter(700_000).always())) {
            failureOf(named(origin).segments(4).maxRetries(0).expect(digest));
        }
        try (Origin origin = Origin.of(whole.cutting(500_000, 300_000))) {
            AtomicLong read = new AtomicLong();
            Downloaded result = run(named(origin)
                    .segments(3)
                    .expect(digest)
                    .disk(new SpoiledDisk((file, position) -> {}, (file, bytes) -> read.addAndGet(bytes))));

            assertThat(result.digest()).isEqualTo(digest);
            assertThat(result.resumed()).isTrue();
            assertIs(whole, destination);
            // The ends of the parts, where they were gone on with, and the journal; never the whole.
            assertThat(read.get()).isLessThan(2_000_000);
        }
    }

    @Test
    void loadsAnEmptyFile() { // 2
        try (Origin origin = Origin.of(RangeFile.ofSize(0))) {
            Downloaded result = run(origin.download(destination).segments(4));

            assertThat(destination).isEmptyFile();
            assertThat(result.requests()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void goesOnWithOneWhenTheLastPartComesWhole(int segments) { // 65
        long last = segments == 2 ? 3_997_696 : FOURTH;
        RangeFile file = RangeFile.ofSize(SIZE)
                .ignoringRange()
                .when(request -> request.requestHeaders().get("Range", "").equals("bytes=" + last + "-"))
                .once();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(segments));

            assertIs(file, destination);
            assertThat(result.restarts()).isZero();
        }
    }

    @Test
    void skipsWhatComesBeforeAPart() { // 31
        RangeFile file = RangeFile.ofSize(SIZE)
                .shiftingStart(-1_000_000)
                .when(request -> !request.requestHeaders().get("Range", "").equals("bytes=0-"))
                .always();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination).segments(4));

            assertIs(file, destination);
            assertThat(result.restarts()).isZero();
        }
    }
}
