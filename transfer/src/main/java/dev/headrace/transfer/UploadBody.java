package dev.headrace.transfer;

import dev.headrace.http.Body;
import dev.headrace.resilience.BandwidthLimit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The body of one request of an upload.
 *
 * <p>Reactor Netty asks for 128 items at once, whatever their size, and for more when half of them are written: items of 8 KiB make that a
 * window of 1 MiB. Larger ones would outgrow memory at some size, and fewer of them would wait for a demand that never comes.
 *
 * @param limit holds blocks back to the speed allowed; null for none
 * @param clock looks at whether the connection takes more
 * @param moved told how many bytes are handed to the connection
 * @param failed told what is wrong with the source, which the transport may disguise
 */
record UploadBody(@Nullable BandwidthLimit limit, StallClock clock, IntConsumer moved, Consumer<Throwable> failed) {

    private static final int ITEM = 8 * 1024;
    /** Blocks read ahead of what the connection has asked for. */
    private static final int AHEAD = 2;

    /** @param length -1 for a body sent in chunks */
    Body of(Flux<ByteBuffer> blocks, long length, String contentType) {
        Flux<ByteBuffer> items = clock.watch(paced(blocks).concatMapIterable(block -> slices(block, ITEM), AHEAD))
                .doOnNext(item -> moved.accept(item.remaining()))
                .doOnError(failed);
        return length < 0 ? Body.stream(items, contentType) : Body.stream(items, length, contentType);
    }

    private Flux<ByteBuffer> paced(Flux<ByteBuffer> blocks) {
        BandwidthLimit shared = limit;
        return shared == null
                ? blocks
                : blocks.concatMapIterable(block -> slices(block, UploadSource.BLOCK), 1)
                        .concatMap(
                                block -> Flux.concat(
                                        Mono.just(block),
                                        shared.pass(block.remaining()).then(Mono.empty())),
                                1);
    }

    private static List<ByteBuffer> slices(ByteBuffer block, int size) {
        int end = block.limit();
        List<ByteBuffer> slices = new ArrayList<>(block.remaining() / size + 1);
        for (int start = block.position(); start < end; start += size) {
            slices.add(block.slice(start, Math.min(size, end - start)));
        }
        return slices;
    }
}
