package dev.headrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.CommitPolicy;
import dev.headrace.state.StateStore;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.ChildJvm;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Another Java process reads a stream and is killed (SIGKILL) at random moments, again and again; then a run ends. No record is missing, and
 * each kill lets come again at most a page of each slice that was under way, and what was being handled.
 */
class StreamCrashTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 200 : 3;
    private static final int REPOSITORIES = 9;
    private static final int ISSUES_EACH = 9;

    enum Kind {
        WHOLE {
            @Override
            RecordStream<Issue> stream() {
                return StreamCutTest.WHOLE.slices(IntStream.rangeClosed(1, REPOSITORIES)
                        .mapToObj(Repositories::slice)
                        .toList());
            }
        },
        CHILDREN {
            @Override
            RecordStream<Issue> stream() {
                return StreamCutTest.WHOLE.parent(ParentStream.of(StreamCutTest.PARENTS, Repositories::slice));
            }
        },
        WINDOWS {
            @Override
            RecordStream<Issue> stream() {
                return WHOLE.stream()
                        .cursor(StreamCutTest.UPDATED)
                        .clock(() -> Repositories.START.plus(Duration.ofMinutes(ISSUES_EACH + 1)))
                        .windows(TimeWindows.of(Duration.ofMinutes(4)));
            }
        },
        INCREMENTAL {
            @Override
            RecordStream<Issue> stream() {
                return WHOLE.stream().cursor(StreamCutTest.UPDATED).key("/repository", "/number");
            }
        },
        CHILDREN_OF_INCREMENTAL {
            @Override
            RecordStream<Issue> stream() {
                return INCREMENTAL.stream().parent(StreamCutTest.CHANGED_PARENTS);
            }
        };

        abstract RecordStream<Issue> stream();
    }

    /** What the process does: {@code URL DIRECTORY KIND CONCURRENCY}. */
    static final class Victim {
        public static void main(String[] args) {
            run(args[0], Path.of(args[1]), Kind.valueOf(args[2]), Integer.parseInt(args[3]));
        }
    }

    private static void run(String url, Path directory, Kind kind, int concurrency) {
        StateStore store = StateStore.file(directory);
        try (Connector connector = Connector.builder(url).build()) {
            Flux<Message<Issue>> messages = kind.stream()
                    .concurrency(concurrency)
                    .resumeFrom(store, "issues")
                    .read(connector)
                    .concatMap(message -> handled(message, directory.resolve("records")), 0);
            messages.transform(Checkpoints.committing(store, "issues", CommitPolicy.eachElement()))
                    .blockLast(Duration.ofSeconds(60));
        }
    }

    private static Mono<Message<Issue>> handled(Message<Issue> message, Path file) {
        return message instanceof StreamRecord<Issue> record
                ? Mono.fromCallable(() -> {
                            Files.writeString(
                                    file,
                                    StreamCutTest.name(record.data()) + "\n",
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.APPEND);
                            return message;
                        })
                        .subscribeOn(Schedulers.boundedElastic())
                : Mono.just(message);
    }

    @TempDir
    private Path directory;

    @Test
    void whatKilledProcessesHaveReadIsWholeOnceARunHasEnded() throws Exception { // A6, A29, A50
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FakeRepositories api = FakeRepositories.of(REPOSITORIES, ISSUES_EACH)
                .delaying(Duration.ofMillis(3))
                .always();
        for (int round = 0; round < ROUNDS; round++) {
            int first = random.nextInt(Kind.values().length);
            Kind kind = Kind.values()[(first + round) % Kind.values().length];
            int concurrency = round % 2 == 0 ? 4 : 1;
            Path place = Files.createDirectory(directory.resolve("round" + round));
            int kills = 0;
            try (TestServer server = api.start()) {
                for (int planned = 1 + random.nextInt(2); kills < planned && !hasEnded(place); kills++) {
                    ChildJvm.startAndKill(
                            server,
                            random,
                            800,
                            Victim.class,
                            server.url(),
                            place.toString(),
                            kind.name(),
                            String.valueOf(concurrency));
                }
                if (!hasEnded(place)) {
                    run(server.url(), place, kind, concurrency);
                }
            }
            List<String> records = Files.readAllLines(place.resolve("records"));
            String what = "seed " + seed + ", round " + round + ", " + kind + ", concurrency " + concurrency;
            assertThat(new HashSet<>(records)).as(what).containsExactlyInAnyOrderElementsOf(expected());
            assertThat(records.size() - REPOSITORIES * ISSUES_EACH)
                    .as("repeated, %s, %d kills", what, kills)
                    // And the record that concatMap already handles while the checkpoint before it is being saved.
                    .isBetween(0, kills * (concurrency * StreamCutTest.PAGE + 1));
        }
    }

    private static List<String> expected() {
        return IntStream.rangeClosed(1, REPOSITORIES)
                .boxed()
                .flatMap(repository ->
                        IntStream.rangeClosed(1, ISSUES_EACH).mapToObj(number -> "r" + repository + "/" + number))
                .toList();
    }

    /** Whether the state is one with which a run would begin anew. */
    private static boolean hasEnded(Path place) {
        return StateStore.file(place)
                .load("issues")
                .map(state -> state.has("stream")
                        && !state.has("begun")
                        && !state.path("slices").toString().matches(".*\"(done|reading)\".*"))
                .defaultIfEmpty(false)
                .blockOptional(Duration.ofSeconds(10))
                .orElse(false);
    }
}
