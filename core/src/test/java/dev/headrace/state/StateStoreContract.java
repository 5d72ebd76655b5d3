package dev.headrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What every store keeps to. Extend it to test another one; {@link #store()} gives an empty store for each test. Row L85. */
abstract class StateStoreContract {

    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static final List<String> KEYS = List.of(
            "a",
            "A",
            "b",
            " ",
            ".",
            "..",
            "../a",
            "/a",
            "a/b",
            "a\\b",
            "a:b",
            "a%2Fb",
            "a\u0000b",
            "a\nb",
            "a?",
            "a\uD800",
            "a\uD801",
            "\uD83D\uDE80",
            "\u00E9",
            "e\u0301",
            "con",
            "nul.txt",
            "x".repeat(300) + "1",
            "x".repeat(300) + "2",
            "\u00FC".repeat(300));

    /** A store that nothing was saved in. */
    abstract StateStore store();

    @Test
    void isEmptyBeforeTheFirstSave() {
        assertThat(loaded(store(), "key")).isEmpty();
    }

    static Stream<String> documents() {
        return Stream.of(
                "{\"id\":\"42\",\"slices\":[{\"a\":1},{\"b\":null}]}",
                "[]",
                "\"text\"",
                "7",
                "true",
                "null",
                "123456789012345678901234567890",
                "0.10000000000000000000000000000000000000001",
                "\"\\u0000\\n\\u2028\uD83D\uDE80\"",
                "\"" + "long".repeat(100_000) + "\"");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void givesBackWhatWasSaved(String document) {
        StateStore store = store();

        done(store.save("key", Json.tree(document)));

        assertThat(loaded(store, "key")).contains(Json.tree(document));
    }

    @Test
    void givesBackWhatWasPutInRawAsATree() {
        StateStore store = store();

        done(store.save("key", Json.raw("{\"id\":1}")));

        assertThat(loaded(store, "key").orElseThrow().get("id").intValue()).isOne();
    }

    @Test
    void replacesWhatWasSavedBefore() {
        StateStore store = store();

        done(store.save("key", Json.tree("{\"long\":\"document\"}")));
        done(store.save("key", Json.tree("1")));

        assertThat(loaded(store, "key")).contains(Json.tree("1"));
    }

    @Test
    void keepsKeysApart() {
        StateStore store = store();

        KEYS.forEach(key -> done(store.save(key, document(KEYS.indexOf(key)))));

        KEYS.forEach(key -> assertThat(loaded(store, key)).as(key).contains(document(KEYS.indexOf(key))));
        done(store.delete("a"));
        assertThat(loaded(store, "a")).isEmpty();
        assertThat(loaded(store, "A")).contains(document(KEYS.indexOf("A")));
    }

    @Test
    void forgetsWhatWasDeleted() {
        StateStore store = store();
        done(store.save("key", document(1)));

        done(store.delete("key"));

        assertThat(loaded(store, "key")).isEmpty();
        done(store.save("key", document(2)));
        assertThat(loaded(store, "key")).contains(document(2));
    }

    @Test
    void deletesWhatWasNeverThere() {
        done(store().delete("key"));
    }

    @Test
    void doesNothingBeforeSubscription() {
        StateStore store = store();
        Mono<JsonNode> load = store.load("key");
        Mono<Void> save = store.save("key", document(1));
        Mono<Void> delete = store.delete("key");

        assertThat(load.blockOptional(LONGEST)).isEmpty();
        done(save);
        assertThat(load.blockOptional(LONGEST)).contains(document(1));
        done(delete);
        assertThat(load.blockOptional(LONGEST)).isEmpty();
        done(save);
        assertThat(load.blockOptional(LONGEST)).contains(document(1));
    }

    @Test
    void keepsACopy() {
        StateStore store = store();
        ObjectNode state = JsonNodeFactory.instance.objectNode().put("id", 1);

        done(store.save("key", state));
        state.put("id", 2);
        ((ObjectNode) loaded(store, "key").orElseThrow()).put("id", 3);

        assertThat(loaded(store, "key").orElseThrow().get("id").intValue()).isOne();
    }

    @Test
    void takesTheStateAsItIsAtSubscription() {
        StateStore store = store();
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        Mono<Void> save = store.save("key", state);

        state.put("id", 1);
        Mono<Void> begun = save.cache();
        begun.subscribe();
        state.put("id", 2);
        done(begun);

        assertThat(loaded(store, "key").orElseThrow().get("id").intValue()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "save", "delete"})
    void refusesAnEmptyKey(String operation) {
        StateStore store = store();
        Mono<?> call = switch (operation) {
            case "load" -> store.load("");
            case "save" -> store.save("", document(1));
            default -> store.delete("");
        };

        StepVerifier.create(call).expectError(IllegalArgumentException.class).verify(LONGEST);
    }

    @Test
    void leavesOneOfManySavesAtOnceAndThatWhole() {
        StateStore store = store();
        List<JsonNode> states = IntStream.range(0, 50)
                .mapToObj(i -> document(String.valueOf(i).repeat(10_000)))
                .toList();

        done(Flux.fromIterable(states)
                .flatMap(state -> store.save("key", state), 16)
                .then());

        assertThat(loaded(store, "key").orElseThrow()).isIn(states);
    }

    @Test
    void keepsManyKeysThatAreSavedAtOnce() {
        StateStore store = store();

        done(Flux.range(0, 50)
                .flatMap(i -> store.save("key" + i, document(i)), 16)
                .then());

        for (int i = 0; i < 50; i++) {
            assertThat(loaded(store, "key" + i)).contains(document(i));
        }
    }

    @Test
    void isNotTornByCancel() {
        StateStore store = store();
        JsonNode before = document("old".repeat(100_000));
        JsonNode after = document("new".repeat(100_000));

        for (int round = 0; round < 20; round++) {
            done(store.save("key", before));
            store.save("key", after).subscribe().dispose();
            assertThat(loaded(store, "key").orElseThrow()).isIn(before, after);
        }
    }

    static JsonNode document(Object id) {
        return Json.toTree(Map.of("id", id));
    }

    static Optional<JsonNode> loaded(StateStore store, String key) {
        return store.load(key).blockOptional(LONGEST);
    }

    static void done(Mono<Void> work) {
        work.block(LONGEST);
    }
}
