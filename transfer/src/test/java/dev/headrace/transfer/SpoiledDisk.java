package dev.headrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A disk on which something happens before each write, or before whatever else changes a file. */
final class SpoiledDisk implements DiskAccess {

    /** What is done to a file that was opened. */
    enum Change {
        WRITE,
        TRUNCATE,
        FORCE
    }

    /** What happens before a change. */
    @FunctionalInterface
    interface BeforeChange {
        void to(Path file, Change change, long position) throws IOException;
    }

    /** What happens. */
    @FunctionalInterface
    interface BeforeWrite {
        void to(Path file, long position) throws IOException;
    }

    /** What is told of each read that goes to a place. */
    @FunctionalInterface
    interface AfterRead {
        void of(Path file, int bytes);
    }

    private final BeforeChange effect;
    private final AfterRead readings;

    SpoiledDisk(BeforeWrite effect) {
        this(effect, (file, bytes) -> {});
    }

    SpoiledDisk(BeforeWrite effect, AfterRead readings) {
        this(
                (file, change, position) -> {
                    if (change == Change.WRITE) {
                        effect.to(file, position);
                    }
                },
                readings);
    }

    private SpoiledDisk(BeforeChange effect, AfterRead readings) {
        this.effect = effect;
        this.readings = readings;
    }

    static SpoiledDisk beforeEach(BeforeChange effect) {
        return new SpoiledDisk(effect, (file, bytes) -> {});
    }

    /** Fails from that change on, counted from 1, of the file whose name ends so. */
    static SpoiledDisk failing(String suffix, Change change, int from) {
        AtomicInteger seen = new AtomicInteger();
        return beforeEach((file, now, position) -> {
            if (file.toString().endsWith(suffix) && now == change && seen.incrementAndGet() >= from) {
                throw new IOException("No space left on device");
            }
        });
    }

    /** Full as soon as the file whose name ends so has that many bytes. */
    static SpoiledDisk fullAfter(String suffix, long bytes) {
        return new SpoiledDisk((file, position) -> {
            if (file.toString().endsWith(suffix) && position >= bytes) {
                throw new IOException("No space left on device");
            }
        });
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(file, options);
        return new FileChannel() {
            @Override
            public int read(ByteBuffer target) throws IOException {
                return channel.read(target);
            }

            @Override
            public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
                return channel.read(targets, offset, length);
            }

            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                int bytes = channel.read(target, position);
                readings.of(file, bytes);
                return bytes;
            }

            @Override
            public int write(ByteBuffer source) throws IOException {
                effect.to(file, Change.WRITE, channel.position());
                return channel.write(source);
            }

            @Override
            public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
                effect.to(file, Change.WRITE, channel.position());
                return channel.write(sources, offset, length);
            }

            @Override
            public int write(ByteBuffer source, long position) throws IOException {
                effect.to(file, Change.WRITE, position);
                return channel.write(source, position);
            }

            @Override
            public long position() throws IOException {
                return channel.position();
            }

            @Override
            public FileChannel position(long newPosition) throws IOException {
                channel.position(newPosition);
                return this;
            }

            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public FileChannel truncate(long size) throws IOException {
                effect.to(file, Change.TRUNCATE, size);
                channel.truncate(size);
                return this;
            }

            @Override
            public void force(boolean metaData) throws IOException {
                effect.to(file, Change.FORCE, 0);
                channel.force(metaData);
            }

            @Override
            public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
                return channel.transferTo(position, count, target);
            }

            @Override
            public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
                return channel.transferFrom(source, position, count);
            }

            @Override
            public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
                return channel.map(mode, position, size);
            }

            @Override
            public FileLock lock(long position, long size, boolean shared) throws IOException {
                return channel.lock(position, size, shared);
            }

            @Override
            public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
                return channel.tryLock(position, size, shared);
            }

            @Override
            protected void implCloseChannel() throws IOException {
                channel.close();
            }
        };
    }
}
