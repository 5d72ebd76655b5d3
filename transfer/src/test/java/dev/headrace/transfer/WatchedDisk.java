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

/** A disk that counts open files and on which something happens before each read of a source. */
final class WatchedDisk implements DiskAccess {

    /** What happens. */
    @FunctionalInterface
    interface BeforeRead {
        void at(Path file, long position) throws IOException;
    }

    private final AtomicInteger open = new AtomicInteger();
    private final BeforeRead effect;

    WatchedDisk(BeforeRead effect) {
        this.effect = effect;
    }

    int openFiles() {
        return open.get();
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(file, options);
        open.incrementAndGet();
        return new FileChannel() {
            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                if (!file.toString().endsWith(".hr")) {
                    effect.at(file, position);
                }
                return channel.read(target, position);
            }

            @Override
            public int write(ByteBuffer source, long position) throws IOException {
                return channel.write(source, position);
            }

            @Override
            public FileChannel truncate(long size) throws IOException {
                return channel.truncate(size);
            }

            @Override
            public FileLock tryLock(long position, long size, boolean shared) throws IOException {
                return channel.tryLock(position, size, shared);
            }

            @Override
            protected void implCloseChannel() throws IOException {
                open.decrementAndGet();
                channel.close();
            }

            @Override
            public int read(ByteBuffer target) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long read(ByteBuffer[] targets, int offset, int length) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int write(ByteBuffer source) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long write(ByteBuffer[] sources, int offset, int length) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long position() {
                throw new UnsupportedOperationException();
            }

            @Override
            public FileChannel position(long position) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long size() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void force(boolean metadata) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long transferTo(long position, long count, WritableByteChannel target) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long transferFrom(ReadableByteChannel source, long position, long count) {
                throw new UnsupportedOperationException();
            }

            @Override
            public MappedByteBuffer map(MapMode mode, long position, long size) {
                throw new UnsupportedOperationException();
            }

            @Override
            public FileLock lock(long position, long size, boolean shared) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
