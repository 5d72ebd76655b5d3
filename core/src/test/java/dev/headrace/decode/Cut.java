package dev.headrace.decode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import reactor.core.publisher.Flux;

/** One way to cut a body into chunks. */
record Cut(String name, List<byte[]> chunks) {

    private static final int RANDOM_CUTS = 20;

    /** Whole, byte by byte, with empty chunks between, and at random places that are the same in each run. */
    static List<Cut> all(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        List<Cut> cuts = new ArrayList<>();
        cuts.add(new Cut("whole", List.of(bytes)));
        cuts.add(new Cut("byte by byte", chunks(bytes, 1, 1, new Random(0))));
        List<byte[]> withEmpty = new ArrayList<>();
        for (byte[] chunk : chunks(bytes, 3, 3, new Random(0))) {
            withEmpty.add(new byte[0]);
            withEmpty.add(chunk);
        }
        cuts.add(new Cut("with empty chunks", withEmpty));
        for (int seed = 1; seed <= RANDOM_CUTS; seed++) {
            cuts.add(new Cut("at random, seed " + seed, chunks(bytes, 1, 1 + seed, new Random(seed))));
        }
        return cuts;
    }

    static Cut whole(String body) {
        return all(body).get(0);
    }

    private static List<byte[]> chunks(byte[] bytes, int smallest, int largest, Random random) {
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(smallest + random.nextInt(largest - smallest + 1), bytes.length - from);
            byte[] chunk = new byte[length];
            System.arraycopy(bytes, from, chunk, 0, length);
            chunks.add(chunk);
            from += length;
        }
        return chunks;
    }

    Flux<ByteBuffer> bytes() {
        return Flux.fromIterable(chunks).map(ByteBuffer::wrap);
    }

    @Override
    public String toString() {
        return name;
    }
}
