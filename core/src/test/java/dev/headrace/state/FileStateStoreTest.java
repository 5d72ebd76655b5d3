package dev.headrace.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headrace.error.FailureKind;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The store in files keeps the contract; and what can happen to files. */
class FileStateStoreTest extends StateStoreContract {

    @TempDir
    private Path parent;

    @Override
    StateStore store() {
        return StateStore.file(directory());
    }

    private Path directory() {
        return parent.resolve("made/at/the/first/save");
    }

    @Test
    void makesItsDirectoryAtTheFirstSaveAndNotBefore() throws IOException {
        StateStore store = store();
        assertThat(loaded(store, "key")).isEmpty();
        done(store.delete("key"));
        assertThat(parent).isEmptyDirectory();

        done(store.save("key", document(1)));

        assertThat(files()).containsExactly("key.json");
        assertThat(directory().resolve("key.json")).hasContent("{\"id\":1}");
    }

    @Test
    void isFoundByTheNextRun() {
        done(store().save("key", document(1)));

        assertThat(loaded(store(), "key")).contains(document(1));
    }

    @Test
    void keepsOneKeyInAFileOfTheUsersChoice() {
        Path file = parent.resolve("made/progress");
        StateStore store = StateStore.inFile(file);

        assertThat(loaded(store, "a/b")).isEmpty();
        done(store.save("a/b", document(1)));

        assertThat(file).hasContent("{\"id\":1}");
        assertThat(loaded(StateStore.inFile(file), "a/b")).contains(document(1));
        StepVerifier.create(store.save("other", document(2)))
                .verifyErrorSatisfies(refused -> assertThat(refused)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("'a/b'"));
        assertThat(file).hasContent("{\"id\":1}");
    }

    @Test
    void savesThroughALinkToADirectory() throws IOException {
        Path real = Files.createDirectory(parent.resolve("real"));
        StateStore store = StateStore.file(Files.createSymbolicLink(parent.resolve("link"), real));

        done(store.save("key", document(1)));

        assertThat(real.resolve("key.json")).exists();
        assertThat(loaded(store, "key")).contains(document(1));
    }

    @Test
    void putsEveryKeyIntoItsDirectory() throws IOException {
        StateStore store = store();
        List<String> keys = List.of("../../escaped", "/absolute", "..", "a/b", "C:\\x", "x".repeat(5_000));

        keys.forEach(key -> done(store.save(key, document(key))));

        assertThat(files()).hasSize(keys.size());
        keys.forEach(key -> assertThat(loaded(store, key)).contains(document(key)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"id\":", "{\"id\":1}{\"id\":2}", "no JSON"})
    void refusesAFileThatIsNoJsonAndLeavesIt(String garbage) throws IOException {
        StateStore store = store();
        done(store.save("key", document(1)));
        Path file = Files.writeString(directory().resolve("key.json"), garbage);

        StepVerifier.create(store.load("key"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                StateStoreException.class,
                                failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA))
                        .hasMessageContainingAll("'key'", file.toString(), "remove the file to start anew")
                        .hasCauseInstanceOf(DecodingException.class))
                .verify();

        assertThat(file).hasContent(garbage);
        done(store.save("key", document(2)));
        assertThat(loaded(store, "key")).contains(document(2));
    }

    @Test
    void saysWhichFileCannotBeWritten() throws IOException {
        // Not by permissions: whoever runs this may be root.
        Path file = Files.writeString(parent.resolve("file"), "in the way");
        StateStore store = StateStore.file(file);

        for (Mono<?> call : List.of(store.save("key", document(1)), store.load("key"), store.delete("key"))) {
            StepVerifier.create(call)
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(
                                    StateStoreException.class,
                                    failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCAL))
                            .hasMessageContainingAll("the state of 'key' in", file + "/key.json", "permissions"))
                    .verify();
        }
        assertThat(file).hasContent("in the way");
    }

    @Test
    void goesOnAfterAFailure() throws IOException {
        StateStore store = store();
        Path inTheWay = Files.createDirectories(directory().resolve("key.json/child"));

        StepVerifier.create(store.save("key", document(1)))
                .expectError(StateStoreException.class)
                .verify();
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());

        done(store.save("key", document(2)));
        assertThat(loaded(store, "key")).contains(document(2));
        assertThat(files()).containsExactly("key.json");
    }

    @Test
    void overwritesWhatAKilledProcessLeft() throws IOException {
        StateStore store = store();
        done(store.save("key", document(1)));
        Files.writeString(directory().resolve("key.json.tmp"), "torn, and longer than the document that comes");

        assertThat(loaded(store, "key")).contains(document(1));
        done(store.save("key", document(2)));

        assertThat(loaded(store, "key")).contains(document(2));
        assertThat(files()).containsExactly("key.json");
    }

    @Test
    void keepsWhatItMakesToItsOwner() throws IOException {
        assumeTrue(parent.getFileSystem().supportedFileAttributeViews().contains("posix"));

        done(store().save("key", document(1)));

        assertThat(permissions(directory().resolve("key.json"))).isEqualTo("rw-------");
        assertThat(permissions(directory())).isEqualTo("rwx------");
        assertThat(permissions(parent.resolve("made"))).isEqualTo("rwx------");
    }

    @Test
    void keepsToItsOwnerWhatWasOpenToAll() throws IOException {
        assumeTrue(parent.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.createDirectories(directory());
        for (String name : List.of("key.json", "key.json.tmp")) {
            Files.setPosixFilePermissions(
                    Files.writeString(directory().resolve(name), "{}"), PosixFilePermissions.fromString("rw-rw-rw-"));
        }

        done(store().save("key", document(1)));

        assertThat(permissions(directory().resolve("key.json"))).isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void leavesNothingOfWhatIsDeleted() throws IOException {
        StateStore store = store();
        done(store.save("key", document(1)));
        Files.writeString(directory().resolve("key.json.tmp"), "torn");

        done(store.delete("key"));

        assertThat(directory()).isEmptyDirectory();
    }

    @Test
    void savesInTheOrderOfSubscription() {
        StateStore store = store();

        done(Flux.range(1, 100)
                .flatMap(i -> store.save("key", document("x".repeat(200_000 / i) + i)), 100)
                .then());

        assertThat(loaded(store, "key")).contains(document("x".repeat(2_000) + 100));
    }

    @Test
    void loadsWhatWasBegunToBeSaved() {
        StateStore store = store();

        store.save("key", document(1)).subscribe();

        assertThat(loaded(store, "key")).contains(document(1));
    }

    @Test
    void carriesOutWhatWasCancelled() {
        StateStore store = store();

        IntStream.rangeClosed(1, 20)
                .forEach(i -> store.save("key", document(i)).subscribe().dispose());

        assertThat(loaded(store, "key")).contains(document(20));
    }

    @Test
    void touchesFilesOnlyWhereBlockingIsAllowed() {
        StateStore store = store();

        Mono<String> threads = store.save("key", document(1))
                .then(store.load("key").map(state -> Thread.currentThread().getName()))
                .subscribeOn(Schedulers.parallel());

        StepVerifier.create(threads)
                .assertNext(name -> assertThat(name).startsWith("boundedElastic"))
                .verifyComplete();
    }

    @Test
    void isReadableByAnyProgram() throws IOException {
        done(store().save("key", Json.tree("{\"id\":\"\u00E9\"}")));

        assertThat(Files.readString(directory().resolve("key.json"))).isEqualTo("{\"id\":\"\u00E9\"}");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
