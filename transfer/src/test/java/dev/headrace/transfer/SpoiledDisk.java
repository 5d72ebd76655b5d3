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
import org.jspecify.annotations.Nullable;

/** A disk on which something happens before each write. */
final class SpoiledDisk implements DiskAccess {

    /** What happens. */
    @FunctionalInterface
    interface BeforeWrite {
        void to(Path file, long position) throws IOException;
    }

    private final BeforeWrite effect;

    SpoiledDisk(BeforeWrite effect) {
        this.effect = effect;
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
                return channel.read(target, position);
            }

            @Override
            public int write(ByteBuffer source) throws IOException {
                effect.to(file, channel.position());
                return channel.write(source);
            }

            @Override
            public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
                effect.to(file, channel.position());
                return channel.write(sources, offset, length);
            }

            @Override
            public int write(ByteBuffer source, long position) throws IOException {
                effect.to(file, position);
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
                channel.truncate(size);
                return this;
            }

            @Override
            public void force(boolean metaData) throws IOException {
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
