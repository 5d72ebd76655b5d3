package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

class CountingAllocatorTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final CountingAllocator allocator = new CountingAllocator();

    @Test
    void namesWhatIsStillOut() {
        ByteBuf kept = allocator.buffer();
        allocator.heapBuffer().release();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> allocator.assertAllReleased(Duration.ofMillis(20)))
                .withMessageContaining("1 of 2");
        kept.release();
        allocator.assertAllReleased(SOON);
    }

    @Test
    void viewsBelongToTheirBuffer() {
        ByteBuf buffer = allocator.directBuffer(16).writeLong(1);
        ByteBuf slice = buffer.readRetainedSlice(4);
        ByteBuf duplicate = slice.retainedDuplicate();
        buffer.capacity(64);
        buffer.release();
        slice.release();
        assertThat(allocator.released()).isZero();
        duplicate.release();
        assertThat(allocator.released()).isEqualTo(1).isEqualTo(allocator.allocated());
    }

    @Test
    void aCompositeIsItsComponents() {
        CompositeByteBuf composite = allocator.compositeBuffer();
        composite.addComponents(
                true, allocator.buffer().writeByte(1), allocator.heapBuffer().writeByte(2));
        composite.release();
        assertThat(allocator.allocated()).isEqualTo(2);
        allocator.assertAllReleased(SOON);
    }

    @Test
    void countsWhatAClientReads() {
        ConnectionProvider pool = ConnectionProvider.newConnection();
        try (TestServer server = RangeFile.ofSize(1_000_000).start()) {
            HttpClient client = HttpClient.create(pool).option(ChannelOption.ALLOCATOR, allocator);

            client.get().uri(server.uri("/")).responseContent().take(3).blockLast(SOON);
            client.get().uri(server.uri("/")).responseContent().blockLast(SOON);

            server.awaitNoOpenConnections(SOON);
            assertThat(allocator.allocated()).isPositive();
            allocator.assertAllReleased(SOON);
        }
    }
}
