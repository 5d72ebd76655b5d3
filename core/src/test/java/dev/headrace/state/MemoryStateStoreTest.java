package dev.headrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The store in memory keeps the contract, and each is empty at first. */
class MemoryStateStoreTest extends StateStoreContract {

    @Override
    StateStore store() {
        return StateStore.inMemory();
    }

    @Test
    void sharesNothingWithAnother() {
        done(StateStore.inMemory().save("key", document(1)));

        assertThat(loaded(StateStore.inMemory(), "key")).isEmpty();
    }
}
