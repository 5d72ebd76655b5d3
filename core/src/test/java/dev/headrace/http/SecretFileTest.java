package dev.headrace.http;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Rows L77 and L78: secrets from the environment and from files; what is missing is an error, and no content is ever in it. */
class SecretFileTest {

    @TempDir
    Path folder;

    @Test
    void isTheTextOfAFileWithoutItsLineEnd() throws IOException {
        assertThat(Secret.file(file("s3cret\n"))).isEqualTo(Secret.of("s3cret"));
        assertThat(Secret.file(file("  two words \r\n"))).isEqualTo(Secret.of("two words"));
    }

    @Test
    void saysWhatIsWrongWithAFileAndNothingOfItsContent() throws IOException {
        Path binary = folder.resolve("binary");
        Files.write(binary, new byte[] {'k', 'e', 'y', (byte) 0xff});

        assertFails(folder.resolve("none"), "none does not exist");
        assertFails(file(" \n"), "is empty");
        assertFails(binary, "is not text in UTF-8");
        assertFails(folder, "cannot be read");
        assertFails(file("x".repeat(64 * 1024 + 1)), "is larger than 64 KiB");
    }

    @Test
    void isReadAnewEachTimeOffTheEventLoop() throws IOException {
        Path file = file("first");
        Mono<Secret> secret = Secret.readEachTime(file);

        // BlockHound would object to a read on a thread that must not block.
        assertThat(Mono.defer(() -> secret).subscribeOn(Schedulers.parallel()).block(ofSeconds(30)))
                .isEqualTo(Secret.of("first"));
        Files.writeString(file, "second");
        assertThat(secret.block(ofSeconds(30))).isEqualTo(Secret.of("second"));
        Files.delete(file);
        assertThatExceptionOfType(HeadraceException.class).isThrownBy(() -> secret.block(ofSeconds(30)));
    }

    @Test
    void isMissedWhenTheEnvironmentLacksIt() {
        assertThatExceptionOfType(HeadraceException.class)
                .isThrownBy(() -> Secret.environment("HEADRACE_NO_SUCH_VARIABLE"))
                .withMessageContaining("HEADRACE_NO_SUCH_VARIABLE")
                .matches(failure -> failure.kind() == FailureKind.CONFIGURATION);
    }

    private static void assertFails(Path file, String problem) {
        assertThatExceptionOfType(HeadraceException.class)
                .isThrownBy(() -> Secret.file(file))
                .withMessageContaining(problem)
                .withMessageNotContaining("key")
                .matches(failure -> failure.kind() == FailureKind.CONFIGURATION);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("secret"), content);
    }
}
