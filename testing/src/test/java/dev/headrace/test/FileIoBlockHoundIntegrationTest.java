package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class FileIoBlockHoundIntegrationTest {

    @TempDir
    Path directory;

    private Path file;
    private FileChannel channel;

    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(directory.resolve("file"), "content");
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    @TestFactory
    Stream<DynamicTest> isCaughtOnAParallelThread() {
        return operations().entrySet().stream()
                .map(operation -> dynamicTest(
                        operation.getKey(),
                        () -> assertThat(failureOn(Schedulers.parallel(), operation.getValue()))
                                .isInstanceOf(BlockingOperationError.class)));
    }

    @TestFactory
    Stream<DynamicTest> isAllowedOnBoundedElastic() {
        return operations().entrySet().stream()
                .map(operation -> dynamicTest(
                        operation.getKey(),
                        () -> assertThat(failureOn(Schedulers.boundedElastic(), operation.getValue()))
                                .isNull()));
    }

    @Test
    void sleepIsCaughtAsBefore() {
        assertThat(failureOn(Schedulers.parallel(), () -> {
                    TimeUnit.MILLISECONDS.sleep(1);
                    return 0;
                }))
                .isInstanceOf(BlockingOperationError.class);
    }

    private Map<String, Callable<?>> operations() {
        ByteBuffer[] two = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
        Map<String, Callable<?>> operations = new LinkedHashMap<>();
        operations.put("read", () -> channel.read(ByteBuffer.allocate(1)));
        operations.put("read at a position", () -> channel.read(ByteBuffer.allocate(1), 0));
        operations.put("scattering read", () -> channel.read(two));
        operations.put("write", () -> channel.write(ByteBuffer.allocate(1)));
        operations.put("write at a position", () -> channel.write(ByteBuffer.allocate(1), 0));
        operations.put("gathering write", () -> channel.write(two));
        operations.put("truncate", () -> channel.truncate(1));
        operations.put("force", () -> {
            channel.force(false);
            return 0;
        });
        operations.put("transferTo", () -> channel.transferTo(0, 1, channel));
        operations.put("transferFrom", () -> channel.transferFrom(channel, 0, 1));
        operations.put("lock", () -> {
            channel.lock().release();
            return 0;
        });
        operations.put("open", () -> {
            FileChannel.open(file).close();
            return 0;
        });
        operations.put("rename", () -> Files.move(file, file.resolveSibling("moved")));
        operations.put("delete", () -> Files.deleteIfExists(file));
        operations.put("create a directory", () -> Files.createDirectory(directory.resolve("made")));
        return operations;
    }

    private static @Nullable Throwable failureOn(Scheduler scheduler, Callable<?> operation) {
        return Mono.fromCallable(operation)
                .then()
                .materialize()
                .subscribeOn(scheduler)
                .blockOptional()
                .orElseThrow()
                .getThrowable();
    }
}
