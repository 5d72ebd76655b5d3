package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.Defaults;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Pointer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Every decoder gives the same items of a document, wherever it is cut and however they are asked for; and of a part of it no others. */
class RandomCutsTest {

    private static final int ROUNDS = 2_000;
    private static final long SEED = 20261128;

    private static final String OBJECT =
            "{\"id\":9007199254740993,\"name\":\"Grüße, \\\"ключ\\\" € 😀 \\\\\",\"n\":[[],{},[{\"a\":[null,-0.5E-7]}]],\r\n"
                    + "\"big\":123456789012345678901234567890.12345678901234567890,\"x\":\"}]{[\\u001e,\",\"ключ\":true}";
    private static final String TEXT = "\"a\\n\\\"b\\\" 日本語 \\ud83d\\ude00 😀\"";
    private static final String ARRAY = "[1,[2,[\"]\"]],{\"k\\\"\":false}]";
    private static final List<String> TEXTS = List.of(OBJECT, TEXT, ARRAY, "-12.5e+300", "null", "true", "{}");
    private static final String RS = "\u001E";

    /** Whether a body that was cut short may still be one: its last item is then the beginning of the real one. */
    private enum Ending {
        IS_KNOWN,
        IS_UNKNOWN
    }

    private record Sample(
            String name, Supplier<PullParser<String>> parser, String document, List<String> items, Ending ending) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sample> samples() {
        String envelope =
                "\uFEFF {\"meta\":{\"items\":[0],\"s\":\"]}\\\"\",\"pi\":3.14},\r\n\"data\":{\"x\":null,\"items\" : [ "
                        + String.join(" ,\n", TEXTS) + " ]},\"rest\":[{\"a\":\"ü\"},1e5]}\r\n";
        List<String> oneLine =
                TEXTS.stream().map(text -> text.replace("\r\n", " ")).toList();
        CsvFormat csv = CsvFormat.rfc4180().separator(';');
        return Stream.of(
                new Sample(
                        "items",
                        () -> Parsers.items(Pointer.of("/data/items"), Codec.text(), Defaults.RECORD_LIMIT),
                        envelope,
                        TEXTS,
                        Ending.IS_KNOWN),
                new Sample(
                        "single",
                        () -> new SingleParser<>(
                                new ItemReader<>(Codec.text()), Defaults.RECORD_LIMIT, Parsers.capturingNothing()),
                        "\uFEFF\r\n [" + String.join(" ,\n", TEXTS) + "] \r\n",
                        List.of("[" + String.join(" ,\n", TEXTS) + "]"),
                        Ending.IS_KNOWN),
                new Sample(
                        "ndjson",
                        () -> Parsers.lines(RandomCutsTest::withoutCarriageReturn, Defaults.RECORD_LIMIT),
                        "\uFEFF" + String.join("\r\n\n", oneLine) + "\n",
                        oneLine,
                        Ending.IS_UNKNOWN),
                new Sample(
                        "jsonSequence",
                        () -> new JsonSequenceParser<>(
                                new ItemReader<>(Codec.text()), Defaults.RECORD_LIMIT, Parsers.capturingNothing()),
                        RS + RS + String.join("\r\n" + RS, TEXTS) + "\n",
                        TEXTS,
                        Ending.IS_KNOWN),
                new Sample(
                        "csv",
                        () -> csvTexts(csv),
                        "\uFEFFid;\"na\"\"me\";größe\r\n1;\"a\r\nb;\"\"c\"\"\";\n\n\"\";äöü € 😀;12345678901234567890.10\r\n;;x",
                        List.of(
                                "{\"id\":\"1\",\"na\\\"me\":\"a\\r\\nb;\\\"c\\\"\",\"größe\":\"\"}",
                                "{\"id\":\"\",\"na\\\"me\":\"äöü € 😀\",\"größe\":\"12345678901234567890.10\"}",
                                "{\"id\":\"\",\"na\\\"me\":\"\",\"größe\":\"x\"}"),
                        Ending.IS_UNKNOWN),
                new Sample(
                        "lines",
                        () -> new LinesParser(
                                TextCodec.cutAtAscii(StandardCharsets.UTF_8),
                                Defaults.RECORD_LIMIT,
                                Parsers.capturingNothing()),
                        "\uFEFFGrüße\r\n\r\n\n 日本語 \t😀\n\"q\",\\n\r\rx\nlast €",
                        List.of("Grüße", "", "", " 日本語 \t😀", "\"q\",\\n\r\rx", "last €"),
                        Ending.IS_UNKNOWN),
                new Sample(
                        "text",
                        () -> new TextParser(new TextCodec(StandardCharsets.UTF_8), Defaults.RECORD_LIMIT),
                        "\uFEFFGrüße\r\n€ 😀\n",
                        List.of("Grüße\r\n€ 😀\n"),
                        Ending.IS_UNKNOWN));
    }

    /** For JSON the CR of a CR LF is white space; the codec that gives the text gives that too. */
    private static String withoutCarriageReturn(byte[] bytes, int from, int to) {
        return Codec.text().decode(bytes, from, to).strip();
    }

    private static PullParser<String> csvTexts(CsvFormat format) {
        CsvParser<JsonNode> parser =
                new CsvParser<>(format, new CsvRows<>(format, JsonNode.class), Parsers.capturingNothing());
        return new PullParser<>() {
            @Override
            public @Nullable String next(ByteWindow bytes) {
                return text(parser.next(bytes));
            }

            @Override
            public @Nullable String end(ByteWindow bytes) {
                return text(parser.end(bytes));
            }

            private @Nullable String text(@Nullable JsonNode row) {
                return row == null ? null : row.toString();
            }
        };
    }

    @ParameterizedTest
    @MethodSource("samples")
    void findsTheSameItemsInThousandsOfRandomCuts(Sample sample) {
        byte[] bytes = sample.document().getBytes(StandardCharsets.UTF_8);
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            List<ByteBuffer> chunks = randomCut(bytes, new Random(seed));

            assertThat(read(sample, chunks, seed % 2 == 0))
                    .as("%s, seed %d", sample, seed)
                    .isEqualTo(new Outcome(sample.items(), null));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void findsTheSameItemsByteByByte(Sample sample) {
        List<ByteBuffer> chunks = new ArrayList<>();
        for (byte b : sample.document().getBytes(StandardCharsets.UTF_8)) {
            chunks.add(ByteBuffer.wrap(new byte[] {b}));
        }

        for (boolean oneByOne : new boolean[] {true, false}) {
            assertThat(read(sample, chunks, oneByOne)).isEqualTo(new Outcome(sample.items(), null));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void neverCompletesWithItemsThatWereNotWhole(Sample sample) {
        byte[] bytes = sample.document().getBytes(StandardCharsets.UTF_8);
        int completed = 0;
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            for (List<ByteBuffer> chunks :
                    List.of(List.of(ByteBuffer.wrap(part)), randomCut(part, new Random(SEED + length)))) {
                Outcome outcome = read(sample, chunks, length % 2 == 0);

                String place = sample + " cut short at " + length + ": " + outcome;
                if (outcome.failure() == null) {
                    completed++;
                    assertIsBeginning(sample, outcome.items(), part, place);
                } else {
                    assertThat(outcome.failure()).as(place).isInstanceOf(DecodingException.class);
                    assertThat(outcome.items())
                            .as(place)
                            .isEqualTo(first(sample, outcome.items().size()));
                }
            }
        }
        assertThat(completed).isLessThan(2 * bytes.length);
    }

    private static void assertIsBeginning(Sample sample, List<String> items, byte[] part, String place) {
        if (sample.ending() == Ending.IS_KNOWN) {
            // White space at the end may be missing, and a sequence may end behind any of its texts.
            assertThat(items).as(place).isEqualTo(first(sample, items.size()));
            if (sample.name().equals("jsonSequence")) {
                assertThat(count(part, (byte) 0x1E) - (part.length > 0 ? 1 : 0))
                        .as(place)
                        .isEqualTo(items.size());
            } else {
                assertThat(items).as(place).isEqualTo(sample.items());
            }
            return;
        }
        int whole = Math.max(0, items.size() - 1);
        assertThat(items.subList(0, whole)).as(place).isEqualTo(first(sample, whole));
        if (!items.isEmpty()) {
            assertIsPart(items.get(whole), sample.items().get(whole), place);
        }
    }

    /** A row is shown as JSON, which closes what was cut; a line, a text and a line of JSON are what was there. */
    private static void assertIsPart(String item, String whole, String place) {
        String shown = item.endsWith("\"}") && !whole.startsWith(item) ? item.substring(0, item.length() - 2) : item;
        assertThat(whole).as(place).startsWith(shown);
    }

    private static List<String> first(Sample sample, int count) {
        return sample.items().subList(0, count);
    }

    private static int count(byte[] bytes, byte wanted) {
        int count = 0;
        for (byte b : bytes) {
            count += b == wanted ? 1 : 0;
        }
        return count;
    }

    private static List<ByteBuffer> randomCut(byte[] bytes, Random random) {
        int largest = 1 + random.nextInt(random.nextInt(10) == 0 ? bytes.length + 1 : 16);
        List<ByteBuffer> chunks = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(random.nextInt(largest + 1), bytes.length - from);
            chunks.add(ByteBuffer.wrap(bytes, from, length));
            from += length;
        }
        return chunks;
    }

    private static Outcome read(Sample sample, List<ByteBuffer> chunks, boolean oneByOne) {
        Flux<String> items = Decoder.parse(Flux.fromIterable(chunks), sample.parser());
        if (!oneByOne) {
            return Outcome.of(items);
        }
        List<String> received = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        boolean[] completed = {false};
        items.subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(String item) {
                received.add(item);
                request(1);
            }

            @Override
            protected void hookOnError(Throwable error) {
                failures.add(error);
            }

            @Override
            protected void hookOnComplete() {
                completed[0] = true;
            }
        });
        assertThat(completed[0] ? 1 : failures.size()).as("ends").isEqualTo(1);
        return new Outcome(received, failures.isEmpty() ? null : failures.get(0));
    }
}
