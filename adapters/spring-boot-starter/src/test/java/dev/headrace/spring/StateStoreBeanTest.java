package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.state.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/** Where progress is kept. */
class StateStoreBeanTest {

    @TempDir
    Path directory;

    @Test
    void noneWithoutADirectory() {
        Contexts.core().run(context -> assertThat(context).doesNotHaveBean(StateStore.class));
    }

    @Test
    void keepsFilesInTheDirectory() {
        Contexts.core()
                .withPropertyValues("headrace.state.directory=" + directory)
                .run(context -> {
                    var unused = context.getBean(StateStore.class)
                            .save("position", JsonNodeFactory.instance.numberNode(7))
                            .block(Duration.ofSeconds(10));

                    assertThat(directory.resolve("position.json")).hasContent("7");
                });
    }

    @Test
    void ofTheUsersWins() {
        StateStore own = StateStore.inMemory();
        Contexts.core()
                .withPropertyValues("headrace.state.directory=" + directory)
                .withBean("own", StateStore.class, () -> own)
                .run(context -> assertThat(context.getBean(StateStore.class)).isSameAs(own));
    }
}
