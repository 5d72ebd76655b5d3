package dev.headrace.cli;

import dev.headrace.json.Codec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Each item as one line of JSON: as it came, digit for digit, without the white space between its tokens. A line break can stand nowhere
 * else in JSON (RFC 8259 §7).
 */
final class LineCodec implements Codec<byte[]> {

    private final Codec<String> checked = Codec.text();

    @Override
    public byte[] decode(byte[] bytes, int from, int to) {
        return compact(checked.decode(bytes, from, to).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] compact(byte[] json) {
        int length = 0;
        boolean inString = false;
        for (int i = 0; i < json.length; i++) {
            byte octet = json[i];
            if (inString && octet == '\\') {
                json[length++] = octet;
                i++;
                json[length++] = json[i];
            } else {
                inString ^= octet == '"';
                if (inString || octet > ' ' || octet < 0) {
                    json[length++] = octet;
                }
            }
        }
        return length == json.length ? json : Arrays.copyOf(json, length);
    }
}
