package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Codec;
import dev.headrace.json.Pointer;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class JsonItemsMemoryTest {

    private static final int RECORD_LIMIT = 8 * 1024 * 1024;
    private static final int SMALLEST_ARRAY = 64 * 1024;
    private static final int CHUNKS = 20_000;
    private static final String CHUNK = "{\"a\":[1,2,3],\"b\":\"" + "x".repeat(1000) + "\",\"c\":null},";

    private int largestArray;

    @Test
    void holdsNothingOfWhatIsBehindTheItems() {
        Flux<String> document = Flux.concat(
                Flux.just("{\"items\":[1,2],\"rest\":["), Flux.just(CHUNK).repeat(CHUNKS), Flux.just("0]}"));

        StepVerifier.create(items("/items", document)).expectNext("1", "2").verifyComplete();
        assertThat(largestArray).isEqualTo(SMALLEST_ARRAY);
    }

    @Test
    void holdsNothingOfWhatIsBeforeTheItems() {
        Flux<String> document = Flux.concat(
                Flux.just("{\"rest\":["), Flux.just(CHUNK).repeat(CHUNKS), Flux.just("0],\"items\":[1,2]}"));

        StepVerifier.create(items("/items", document)).expectNext("1", "2").verifyComplete();
        assertThat(largestArray).isEqualTo(SMALLEST_ARRAY);
    }

    @Test
    void holdsNoMoreThanARecordOfAnArrayOfAnyLength() {
        Flux<String> document = Flux.concat(Flux.just("["), Flux.just(CHUNK).repeat(CHUNKS), Flux.just("0]"));

        StepVerifier.create(items("", document).count()).expectNext(CHUNKS + 2L).verifyComplete();
        assertThat(largestArray).isEqualTo(SMALLEST_ARRAY);
    }

    @Test
    void holdsNothingOfALongStringBesideTheItems() {
        Flux<String> document = Flux.concat(
                Flux.just("{\"blob\":\""), Flux.just("x".repeat(1000)).repeat(5_000), Flux.just("\",\"items\":[1]}"));

        StepVerifier.create(items("/items", document)).expectNext("1").verifyComplete();
        assertThat(largestArray).isEqualTo(SMALLEST_ARRAY);
    }

    @Test
    void takesALongRecordByteByByteInLinearTime() {
        int length = 3_000_000;
        Flux<String> document =
                Flux.concat(Flux.just("[[\""), Flux.just("x").repeat(length - 1), Flux.just("\",{\"a\":0}]]"));

        StepVerifier.create(items("", document).map(String::length))
                .expectNext("[\"\",{\"a\":0}]".length() + length)
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    private Flux<String> items(String pointer, Flux<String> document) {
        Flux<ByteBuffer> bytes = document.map(Utf8::buffer);
        return Decoder.parse(bytes, () -> new PullParser<>() {
            private final PullParser<String> parser = Parsers.items(Pointer.of(pointer), Codec.text(), RECORD_LIMIT);

            @Override
            public @Nullable String next(ByteWindow window) {
                largestArray = Math.max(largestArray, window.array().length);
                return parser.next(window);
            }

            @Override
            public @Nullable String end(ByteWindow window) {
                return parser.end(window);
            }
        });
    }
}
