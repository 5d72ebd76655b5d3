package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.SendSummary;
import dev.headrace.sse.EventCounters;
import dev.headrace.sse.SseEvent;
import dev.headrace.state.StateStore;
import dev.headrace.test.FakeApi;
import dev.headrace.test.FakeEventStreams;
import dev.headrace.test.TestServer;
import dev.headrace.transfer.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

class ExamplesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DemoServer demo = DemoServer.start(0, Pace.brisk());
    private final Connector api = Connector.builder(demo.url()).build();

    @AfterEach
    void close() {
        api.close();
        demo.close();
    }

    @Test
    void pagesAreRequestedAsFarAsTheyAreAskedFor() {
        StepVerifier.create(PagesExample.openIssues(api).take(20))
                .expectNextCount(20)
                .expectComplete()
                .verify(PATIENCE);

        assertThat(demo.requests()).hasSize(1);
    }

    @Test
    void eventsGoOnWhereTheyStopped() {
        StepVerifier.create(EventsExample.changes(api).take(6).map(SseEvent::id))
                .expectNext("1", "2", "3", "4", "5", "6")
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void changesOfWikisGoOnOverHangUpsAndInAnotherRun(@TempDir Path folder) {
        StateStore store = StateStore.file(folder);
        EventCounters counters = EventCounters.create();
        StepVerifier.create(WikimediaExample.changes(api, store, counters, 8).map(SseEvent::id))
                .expectNextSequence(ids(1, 2, 3, 4, 5, 7, 8, 9)) // 6 is a canary
                .expectComplete()
                .verify(PATIENCE);
        StepVerifier.create(WikimediaExample.changes(api, store, counters, 3).map(SseEvent::id))
                .expectNextSequence(
                        ids(8, 10, 11)) // the server repeats two, and this run knows the one it goes on from
                .expectComplete()
                .verify(PATIENCE);

        assertThat(counters.snapshot().duplicates()).isEqualTo(3);
    }

    private static List<String> ids(long... numbers) {
        return Arrays.stream(numbers).mapToObj(FakeEventStreams::id).toList();
    }

    @Test
    void anAnswerComesInPieces() {
        StepVerifier.create(ChatExample.answer(api, "What is a headrace?").filter(piece -> !piece.isEmpty()))
                .expectNext("A headrace", " leads", " the water", " to", " the mill", ".")
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void oneValueIsFetchedByItsClass() {
        StepVerifier.create(FetchExample.factsOf(api, DemoServer.FILE))
                .expectNextMatches(facts -> facts.name().equals(DemoServer.FILE) && facts.bytes() == 5_000_000)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void oneListIsFetchedByItsGenericType() {
        StepVerifier.create(FetchExample.firstIssues(api, 3))
                .expectNextMatches(issues -> issues.size() == 3 && issues.get(2).number() == 3)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aDownloadEndsWithTheWholeFile(@TempDir Path folder) {
        Path destination = folder.resolve("disk.img");

        StepVerifier.create(FetchExample.factsOf(api, DemoServer.FILE)
                        .flatMapMany(facts ->
                                DownloadExample.download(api, facts.name(), destination, Digest.sha256(facts.sha256())))
                        .last())
                .expectNextMatches(progress -> progress.done() && progress.requests() == 3)
                .expectComplete()
                .verify(PATIENCE);

        assertThat(destination).hasSize(5_000_000);
    }

    @Test
    void anUploadGoesOnWhereTheServerIs(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("disk.img"), new byte[5_000_000]);

        StepVerifier.create(UploadExample.upload(api, file).last())
                .expectNextMatches(progress -> progress.done() && progress.restarts() == 0)
                .expectComplete()
                .verify(PATIENCE);

        assertThat(demo.requests())
                .extracting(request -> request.header("Upload-Offset").orElse(request.method()))
                .containsExactly("OPTIONS", "POST", "0", "HEAD", "2000000", "HEAD", "4000000");
    }

    @Test
    void bytesGoOnWhereTheLineBroke() {
        StepVerifier.create(ByteStreamExample.bytes(api, DemoServer.FILE, 1_000_000)
                        .reduce(0L, (read, chunk) -> read + chunk.remaining()))
                .expectNext(4_000_000L)
                .expectComplete()
                .verify(PATIENCE);

        assertThat(demo.requests())
                .extracting(request -> request.header("Range").orElse(""))
                .containsExactly("bytes=1000000-", "bytes=3000000-");
    }

    @Test
    void aChecksumNeedsNoChunkToBeKept() {
        StepVerifier.create(ByteStreamExample.bytes(api, DemoServer.FILE, 0)
                        .collectList()
                        .map(ExamplesTest::checksumOf)
                        .zipWith(ByteStreamExample.checksum(api, DemoServer.FILE)))
                .expectNextMatches(both -> both.getT1().equals(both.getT2()))
                .expectComplete()
                .verify(PATIENCE);
    }

    private static long checksumOf(List<ByteBuffer> chunks) {
        CRC32C sum = new CRC32C();
        chunks.forEach(sum::update);
        return sum.getValue();
    }

    @Test
    void aHundredCallsAskForOneToken() {
        StepVerifier.create(TokenExample.callsAtOnce(api))
                .expectNext(new SendSummary(100, 0))
                .expectComplete()
                .verify(PATIENCE);

        assertThat(demo.requests())
                .filteredOn(request -> request.path().equals("/token"))
                .hasSize(1);
    }

    @Test
    void theListingOfTheReadmeReadsNoMoreThanItShows() {
        FakeApi issues = FakeApi.linkHeader("/repos/reactor/reactor-core/issues", FakeApi.issues(250));
        try (TestServer server = issues.start();
                Connector github = Connector.builder(server.url()).build()) {
            StepVerifier.create(ReadmeListing.openIssues(github, "reactor", "reactor-core")
                            .take(80))
                    .expectNextCount(80)
                    .expectComplete()
                    .verify(PATIENCE);

            assertThat(server.requests()).hasSize(2);
        }
    }
}
