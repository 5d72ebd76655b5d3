package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.NettyPipeline;

/** The codec says the same as without the coalescer, and as soon, but in fewer pieces. */
class ChunkCoalescerTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String EVENT = "data: it happened\n\n";
    private static final String CHUNK = "13\r\n" + EVENT + "\r\n";
    private static final String END = "0\r\n\r\n";

    private static final int TIMES = Boolean.getBoolean("headrace.soak") ? 50 : 8;

    static IntStream seeds() {
        return IntStream.range(0, 10);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void saysWhatTheCodecSaysAlone(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TIMES; i++) {
            RandomResponses responses = RandomResponses.of(random);
            assertSame(responses.methods(), responses.cut(random), random.nextInt(4) > 0);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void failsWhereTheCodecFailsAlone(int seed) {
        Random random = new Random(1_000_000 + seed);
        for (int i = 0; i < TIMES; i++) {
            RandomResponses responses = RandomResponses.of(random).damaged(random);
            assertSame(responses.methods(), responses.cut(random), random.nextInt(4) > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "0", "f", "g", ";", " ", "\0", "", "\r\n"})
    void failsLikeTheCodecWhereverAByteIsDamaged(String damage) {
        String wire = HEAD + CHUNK.repeat(5) + "0\r\nA: b\r\n\r\n" + HEAD + CHUNK.repeat(4);
        for (int at = 0; at < wire.length(); at++) {
            String damaged = wire.substring(0, at) + damage + wire.substring(at + 1);
            assertSame(gets(2), List.of(damaged), true);
            assertSame(gets(2), List.of(damaged.substring(0, 136), damaged.substring(136)), true);
        }
    }

    @Test
    void doesNotDependOnWhereReadsAreCut() {
        String wire = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + (HEAD + CHUNK.repeat(7) + "0\r\nA: b\r\n\r\n")
                + (HEAD + CHUNK.repeat(4) + END);

        assertSame(gets(2), Stream.of(wire.split("")).toList(), true);
        for (int from = 0; from < wire.length(); from++) {
            int to = Math.min(wire.length(), from + 90);
            assertSame(gets(2), List.of(wire.substring(0, from), wire.substring(from)), true);
            assertSame(gets(2), List.of(wire.substring(0, from), wire.substring(from, to), wire.substring(to)), true);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\n!\n1\n!\n1\n!\n1\n!\n0\n\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n0\r\nA: b\n\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n1\r\n!\r\n1\r\n!\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n0\r\n\r\n",
                "HTTP/1.1 101 Switching\r\nUpgrade: other\r\nConnection: upgrade\r\n\r\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n",
                "\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\ndata: a\n\ndata: b\n\ndata: c\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\ndata: a\n\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n0\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n1\r\n!\r\n1\r\n!\r\n1\r\n!\r\n0\r\n\r\n"
            })
    void takesNothingForChunksThatTheCodecDoesNot(String wire) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            for (boolean strict : new boolean[] {true, false}) {
                assertSame(List.of(method), List.of(wire), strict);
                assertSame(List.of(method), Stream.of(wire.split("")).toList(), strict);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "G",
                "",
                " 5",
                "5 ",
                "5;a=b",
                "5;a=\"\r",
                "7fffffff",
                "80000000",
                "ffffffff",
                "100000000",
                "100000005",
                "000000005",
                "00000005",
                "-5",
                "+5",
                "0x5",
                "5\t",
                "5\r",
                "5\n"
            })
    void leavesUnusualSizesToTheCodec(String size) {
        String wire = HEAD + CHUNK.repeat(4) + size + "\r\nhello\r\n" + CHUNK.repeat(4) + END;
        for (int cut = HEAD.length(); cut < wire.length(); cut++) {
            assertSame(gets(1), List.of(wire.substring(0, cut), wire.substring(cut)), true);
        }
    }

    /** A handler before it that has reads in store gives one away when somebody behind asks in the middle of another. */
    @Test
    void keepsTheOrderOfReadsThatComeWithinEachOther() {
        try (CodecLine line = new CodecLine(true, true)) {
            ByteBuf second = line.buffer("3\r\nend\r\n" + END);
            line.request(HttpMethod.GET);
            line.channel.pipeline().addBefore(NettyPipeline.HttpCodec, "asks", new ChannelInboundHandlerAdapter() {
                private boolean asked;

                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    context.fireChannelRead(message);
                    if (!asked) {
                        asked = true;
                        context.pipeline().fireChannelRead(second);
                    }
                }
            });
            line.read(HEAD + CHUNK.repeat(4));

            assertThat(line.said()).contains("body " + EVENT.repeat(4) + "end\nend []");
        }
    }

    @Test
    void readsAHundredChunksAsOne() {
        try (CodecLine line = new CodecLine(true, true)) {
            line.request(HttpMethod.GET);
            line.read(HEAD);
            line.read(CHUNK.repeat(100));

            assertThat(line.contents).isEqualTo(1);
            assertThat(line.said()).endsWith("body " + EVENT.repeat(100));
        }
    }

    @Test
    void readsTheChunksThatComeWithTheHeadAsOne() {
        try (CodecLine line = new CodecLine(true, true)) {
            line.request(HttpMethod.GET);
            line.read(HEAD + CHUNK.repeat(100) + END);

            assertThat(line.contents).as("the chunk and the end").isEqualTo(2);
        }
    }

    @Test
    void joinsWhatWasCutToTheChunksAfterIt() {
        String wire = CHUNK.repeat(400);
        try (CodecLine line = new CodecLine(true, true)) {
            line.request(HttpMethod.GET);
            line.read(HEAD + wire.substring(0, 10));
            for (int from = 10; from < wire.length(); from += 1000) {
                line.read(wire.substring(from, Math.min(wire.length(), from + 1000)));
            }

            assertThat(line.contents)
                    .as("the start, the rest of it, and one for each read")
                    .isEqualTo(2 + 10);
            assertThat(line.said()).endsWith("body " + EVENT.repeat(400));
        }
    }

    @Test
    void readsTheChunksOfLaterResponsesAsOneToo() {
        String response = HEAD + CHUNK.repeat(100) + "0\r\nA: b\r\n\r\n";
        try (CodecLine line = new CodecLine(true, true)) {
            gets(3).forEach(line::request);
            line.read("HTTP/1.1 103 Early Hints\r\n\r\n" + response);
            line.read(response + response);

            assertThat(line.contents).as("an end, then a chunk and an end each").isEqualTo(1 + 3 * 2);
        }
    }

    @Test
    void passesOnTheVeryBufferWhereThereIsLittleToJoin() {
        String large = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        for (String read : List.of(CHUNK, CHUNK + CHUNK, CHUNK.substring(0, 12), "1", large.repeat(8), "")) {
            try (CodecLine line = new CodecLine(true, true)) {
                line.request(HttpMethod.GET);
                line.read(HEAD);
                line.passed.clear();
                ByteBuf buffer = line.buffer(read);
                line.channel.writeInbound(buffer);

                assertThat(line.passed).as(read).hasSize(1);
                assertThat(line.passed.get(0)).isSameAs(buffer);
            }
        }
    }

    @Test
    void givesBackWhatItHasInHandWhenThereIsNoMemory() {
        try (CodecLine line = new CodecLine(true, true)) {
            line.request(HttpMethod.GET);
            line.read(HEAD);
            line.channel.config().setAllocator(new NoMemory());
            line.read(CHUNK.repeat(100));

            assertThat(line.said()).endsWith("failure java.lang.OutOfMemoryError: none left");
        }
    }

    private static List<HttpMethod> gets(int requests) {
        return IntStream.range(0, requests).mapToObj(i -> HttpMethod.GET).toList();
    }

    private static void assertSame(List<HttpMethod> requests, List<String> reads, boolean strict) {
        CodecLine alone = new CodecLine(false, strict);
        CodecLine coalescing = new CodecLine(true, strict);
        requests.forEach(alone::request);
        requests.forEach(coalescing::request);
        for (String read : reads) {
            alone.read(read);
            coalescing.read(read);
            String expected = alone.news();
            String said = coalescing.news();
            if (!said.equals(expected)) {
                assertThat(said).as("after %s of %s", read, reads).isEqualTo(expected);
            }
        }
        alone.close();
        coalescing.close();
        assertThat(coalescing.said()).as("after the end of %s", reads).isEqualTo(alone.said());
        assertThat(coalescing.contents).isLessThanOrEqualTo(alone.contents);
    }

    private static final class NoMemory extends AbstractByteBufAllocator {

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("none left");
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("none left");
        }
    }
}
