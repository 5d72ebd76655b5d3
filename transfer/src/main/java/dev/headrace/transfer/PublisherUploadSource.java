package dev.headrace.transfer;

import dev.headrace.transfer.SentPrefix.Proof;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * A publisher to be sent, subscribed to anew for each request. What the server has already is skipped, and compared with what it was when
 * it was sent, as far as there is a checkpoint.
 */
final class PublisherUploadSource implements UploadSource {

    private static final String NAME = "The publisher";

    private final Supplier<? extends Publisher<ByteBuffer>> content;
    private final DiskWorker worker;
    private final Runnable checkpoint;
    private final SentPrefix prefix = new SentPrefix();
    private final long declared;
    private volatile long length;
    private @Nullable Proof earlier;

    PublisherUploadSource(
            Supplier<? extends Publisher<ByteBuffer>> content, long length, DiskWorker worker, Runnable checkpoint) {
        this.content = content;
        this.declared = length;
        this.length = length;
        this.worker = worker;
        this.checkpoint = checkpoint;
    }

    @Override
    public void open() {}

    @Override
    public Identity identity() {
        return new Identity(declared, 0, "");
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public SentPrefix prefix() {
        return prefix;
    }

    @Override
    public void verify() {}

    @Override
    public void prove(Proof sent, long offset) {
        if (sent.bytes() > 0) {
            earlier = sent;
        }
    }

    @Override
    public Flux<ByteBuffer> read(long from, long to) {
        return Flux.defer(() -> {
            Reading reading = new Reading(from, to);
            Flux<ByteBuffer> blocks = Flux.from(content.get())
                    // Where the checksum is made and checkpoints are written.
                    .concatMap(block -> worker.call(() -> reading.next(block)), 1)
                    .concatWith(worker.call(reading::end));
            return to == length ? blocks : blocks.takeUntil(block -> reading.position >= to);
        });
    }

    @Override
    public void close() {}

    /** One subscription. */
    private final class Reading {

        private final long from;
        private final long to;
        private final CRC32C again = new CRC32C();
        private @Nullable ByteBuffer last;
        private volatile long position;

        Reading(long from, long to) {
            this.from = from;
            this.to = to;
        }

        @Nullable
        ByteBuffer next(ByteBuffer given) {
            ByteBuffer block = given.duplicate();
            long begin = position;
            long known = length;
            if (known >= 0 && begin + block.remaining() > known) {
                throw changed("it has more than " + known + " bytes");
            }
            compare(begin, block);
            prefix.add(begin, block);
            // With the block, however large it is, and before any of it is sent.
            if (prefix.isDue()) {
                checkpoint.run();
            }
            position = begin + block.remaining();
            int skipped = (int) Math.min(block.remaining(), Math.max(0, from - begin));
            int kept = (int) Math.min(block.remaining(), Math.max(0, to - begin));
            if (kept <= skipped) {
                return null;
            }
            ByteBuffer wanted =
                    block.slice(block.position() + skipped, kept - skipped).asReadOnlyBuffer();
            if (position == known && to == known) {
                // Only when nothing follows: a server that has all it was told of would say so before the rest is seen.
                last = wanted;
                return null;
            }
            return wanted;
        }

        @Nullable
        ByteBuffer end() {
            Proof proof = earlier;
            long before = Math.max(prefix.now().bytes(), proof == null ? 0 : proof.bytes());
            if (position < Math.max(Math.max(length, from), before)) {
                throw changed("it ended after " + position + " bytes");
            }
            length = position;
            return last;
        }

        private void compare(long begin, ByteBuffer block) {
            Proof earliest = earlier;
            Proof proof = earliest != null && earliest.bytes() > prefix.noted().bytes() ? earliest : prefix.noted();
            long missing = proof.bytes() - begin;
            if (missing <= 0) {
                return;
            }
            again.update(block.slice(block.position(), (int) Math.min(missing, block.remaining())));
            if (missing <= block.remaining() && (int) again.getValue() != proof.crc()) {
                throw changed("its first " + proof.bytes() + " bytes are others than before");
            }
        }

        private SourceChangedException changed(String what) {
            return new SourceChangedException(NAME, what);
        }
    }
}
