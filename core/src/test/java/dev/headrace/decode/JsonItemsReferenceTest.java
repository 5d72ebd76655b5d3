package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Codec;
import dev.headrace.json.Pointer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.TokenBuffer;

/** Our scanner finds the records that Jackson's parser for bytes in pieces finds, in documents made at random. */
class JsonItemsReferenceTest {

    private static final int DOCUMENTS = 3_000;
    private static final long SEED = 20261128;
    private static final int LIMIT = 1 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    @Test
    void findsWhatTheReferenceFinds() {
        int found = 0;
        for (long seed = SEED; seed < SEED + DOCUMENTS; seed++) {
            RandomJson json = new RandomJson(new Random(seed));
            List<String> keys = json.pointer();
            byte[] document = json.document(keys).getBytes(StandardCharsets.UTF_8);
            List<byte[]> chunks = json.cut(document);

            List<JsonNode> items = Decoder.parse(
                            Flux.fromIterable(chunks).map(ByteBuffer::wrap),
                            () -> Parsers.items(new Pointer(keys), Codec.tree(), LIMIT))
                    .collectList()
                    .block();

            assertThat(items)
                    .as("seed %d, %s of %s", seed, keys, new String(document, StandardCharsets.UTF_8))
                    .isEqualTo(reference(chunks, keys));
            found += items == null ? 0 : items.size();
        }
        assertThat(found).as("items in all documents").isGreaterThan(DOCUMENTS);
    }

    /** Each record collected in a buffer of tokens, then made a tree. */
    private static List<JsonNode> reference(List<byte[]> chunks, List<String> keys) {
        List<JsonNode> items = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createNonBlockingByteArrayParser(ObjectReadContext.empty())) {
            ByteArrayFeeder feeder = (ByteArrayFeeder) parser.nonBlockingInputFeeder();
            Reference reference = new Reference(keys, items);
            for (byte[] chunk : chunks) {
                feeder.feedInput(chunk, 0, chunk.length);
                take(parser, reference);
            }
            feeder.endOfInput();
            take(parser, reference);
        }
        return items;
    }

    private static void take(JsonParser parser, Reference reference) {
        for (JsonToken token = parser.nextToken();
                token != null && token != JsonToken.NOT_AVAILABLE;
                token = parser.nextToken()) {
            reference.take(parser, token);
        }
    }

    /** Follows the path by counting brackets, as simply as can be. */
    private static final class Reference {

        private final List<String> keys;
        private final List<JsonNode> items;
        private final List<String> path = new ArrayList<>();
        private boolean found;
        private boolean inArray;
        private int bufferDepth;
        private TokenBuffer buffer = TokenBuffer.forGeneration();

        Reference(List<String> keys, List<JsonNode> items) {
            this.keys = keys;
            this.items = items;
        }

        void take(JsonParser parser, JsonToken token) {
            if (bufferDepth > 0) {
                copy(parser, token);
            } else if (inArray) {
                if (token == JsonToken.END_ARRAY) {
                    inArray = false;
                    path.remove(path.size() - 1);
                } else {
                    copy(parser, token);
                }
            } else {
                follow(parser, token);
            }
        }

        private void follow(JsonParser parser, JsonToken token) {
            if (token == JsonToken.PROPERTY_NAME) {
                path.set(path.size() - 1, parser.currentName());
                return;
            }
            if (!token.isStructEnd() && !found && path.equals(keys)) {
                found = true;
                if (token == JsonToken.START_ARRAY) {
                    inArray = true;
                    path.add("");
                } else if (token != JsonToken.VALUE_NULL) {
                    copy(parser, token);
                }
                return;
            }
            if (token.isStructStart()) {
                // Arrays are not on the way here: a name no key can have.
                path.add(token == JsonToken.START_ARRAY ? "\0" : "");
            } else if (token.isStructEnd()) {
                path.remove(path.size() - 1);
            }
        }

        private void copy(JsonParser parser, JsonToken token) {
            buffer.copyCurrentEvent(parser);
            bufferDepth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (bufferDepth == 0) {
                items.add(MAPPER.readTree(buffer.asParser()));
                buffer = TokenBuffer.forGeneration();
            }
        }
    }

    /** Documents with all that JSON has, written with white space in all places that may have it. */
    private static final class RandomJson {

        private static final String[] KEYS = {"a", "b", "data", "items", "ü", "k\"ey", "x/y", "", "日本", "~1"};
        private static final String[] SCALARS = {
            "0", "-0", "7", "-12", "123456789012345678901234567890", "0.10", "-1.5E+7", "2e-3", "true", "false", "null"
        };
        private static final String[] PIECES = {
            "a",
            "]",
            "}",
            "[",
            "{",
            ",",
            ":",
            "\\\"",
            "\\\\",
            "\\n",
            "\\u00e9",
            "\\ud83d\\ude00",
            "é",
            "€",
            "😀",
            " ",
            "\\/"
        };
        private static final String[] SPACES = {"", "", "", " ", "\n", "\r\n\t"};

        private final Random random;

        RandomJson(Random random) {
            this.random = random;
        }

        List<String> pointer() {
            List<String> keys = new ArrayList<>();
            for (int length = random.nextInt(4); length > 0; length--) {
                keys.add(pick(KEYS));
            }
            return keys;
        }

        /** A document that has something at the pointer. */
        String document(List<String> keys) {
            return space() + around(keys, 0) + space();
        }

        private String around(List<String> keys, int at) {
            if (at == keys.size()) {
                return random.nextInt(4) == 0 ? value(3) : array(4, 8);
            }
            StringBuilder text = new StringBuilder("{").append(space());
            for (int before = random.nextInt(3); before > 0; before--) {
                // The first of equal keys counts, so the one on the way must not come before.
                text.append(property(keys.get(at), value(3))).append(',').append(space());
            }
            text.append(string(keys.get(at))).append(space()).append(':').append(space());
            text.append(around(keys, at + 1)).append(space());
            for (int after = random.nextInt(3); after > 0; after--) {
                text.append(',').append(space()).append(property(null, value(3)));
            }
            return text.append('}').toString();
        }

        private String property(@Nullable String except, String value) {
            String key = pick(KEYS);
            while (key.equals(except)) {
                key = pick(KEYS);
            }
            return string(key) + space() + ":" + space() + value + space();
        }

        private String value(int depth) {
            int kind = random.nextInt(depth > 0 ? 5 : 3);
            return switch (kind) {
                case 0, 1 -> pick(SCALARS);
                case 2 -> text();
                case 3 -> array(depth, 3);
                default -> object(depth);
            };
        }

        private String array(int depth, int most) {
            List<String> elements = new ArrayList<>();
            for (int length = random.nextInt(most + 1); length > 0; length--) {
                elements.add(space() + value(depth - 1) + space());
            }
            return "[" + (elements.isEmpty() ? space() : String.join(",", elements)) + "]";
        }

        private String object(int depth) {
            List<String> properties = new ArrayList<>();
            for (String key : KEYS) {
                if (random.nextInt(4) == 0) {
                    properties.add(space() + string(key) + space() + ":" + space() + value(depth - 1) + space());
                }
            }
            return "{" + (properties.isEmpty() ? space() : String.join(",", properties)) + "}";
        }

        private String text() {
            StringBuilder text = new StringBuilder("\"");
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(pick(PIECES));
            }
            return text.append('"').toString();
        }

        /** A key, at times with escapes that mean the same. */
        private String string(String key) {
            StringBuilder text = new StringBuilder("\"");
            for (int i = 0; i < key.length(); i++) {
                char c = key.charAt(i);
                if (c == '"') {
                    text.append("\\\"");
                } else if (random.nextInt(8) == 0) {
                    text.append(String.format("\\u%04x", (int) c));
                } else {
                    text.append(c);
                }
            }
            return text.append('"').toString();
        }

        private String space() {
            return pick(SPACES);
        }

        private String pick(String[] from) {
            return from[random.nextInt(from.length)];
        }

        List<byte[]> cut(byte[] bytes) {
            List<byte[]> chunks = new ArrayList<>();
            int largest = 1 + random.nextInt(40);
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(largest));
                chunks.add(Arrays.copyOfRange(bytes, from, to));
                from = to;
            }
            return chunks;
        }
    }
}
