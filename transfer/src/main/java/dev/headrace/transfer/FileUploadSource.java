package dev.headrace.transfer;

import dev.headrace.transfer.SentPrefix.Proof;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** A file to be sent. It must stay as it is: its size, time and inode are looked at before and after each request. */
final class FileUploadSource implements UploadSource {

    private final Path path;
    private final DiskAccess disk;
    private final DiskWorker worker;
    private final Runnable checkpoint;
    private final SentPrefix prefix = new SentPrefix();
    private volatile @Nullable FileChannel file;
    private volatile Identity identity = new Identity(-1, 0, "");

    /** @param checkpoint called on the disk worker before more than {@link SentPrefix#STEP} bytes are read since the last time */
    FileUploadSource(Path path, DiskAccess disk, DiskWorker worker, Runnable checkpoint) {
        this.path = path;
        this.disk = disk;
        this.worker = worker;
        this.checkpoint = checkpoint;
    }

    @Override
    public void open() {
        try {
            file = disk.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new DiskException("read", path, e);
        }
        identity = look();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public long length() {
        return identity.length();
    }

    @Override
    public SentPrefix prefix() {
        return prefix;
    }

    private Identity look() {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            if (!now.isRegularFile()) {
                throw new IOException("it is no regular file");
            }
            // The number of a device may be another one after a restart; that of the file within it is not.
            String key = String.valueOf(now.fileKey()).replaceFirst(".*ino=", "");
            return new Identity(now.size(), now.lastModifiedTime().to(TimeUnit.NANOSECONDS), key);
        } catch (IOException e) {
            throw new DiskException("read", path, e);
        }
    }

    @Override
    public void verify() {
        String difference = difference(identity, look());
        if (difference != null) {
            throw new SourceChangedException(path.toString(), difference);
        }
    }

    static @Nullable String difference(Identity before, Identity now) {
        if (before.length() != now.length()) {
            return "it had " + before.length() + " bytes and has " + now.length();
        }
        if (before.modifiedNanos() != now.modifiedNanos()) {
            return "it was modified meanwhile";
        }
        return before.key().equals(now.key()) ? null : "it is another file by the same name";
    }

    @Override
    public void prove(Proof sent, long offset) {
        long end = Math.max(sent.bytes(), offset);
        if (end > identity.length()) {
            throw new SourceChangedException(path.toString(), "more than it has was sent");
        }
        boolean proven = sent.bytes() == 0;
        for (long position = prefix.now().bytes(); position < end; ) {
            long stop = position < sent.bytes() ? sent.bytes() : end;
            ByteBuffer block = block(position, stop);
            prefix.add(position, block);
            position += block.remaining();
            if (position == sent.bytes()) {
                proven = prefix.now().equals(sent);
                if (!proven) {
                    break;
                }
            }
        }
        if (!proven) {
            throw new SourceChangedException(path.toString(), "its first " + sent.bytes() + " bytes are others");
        }
    }

    @Override
    public Flux<ByteBuffer> read(long from, long to) {
        return Flux.<ByteBuffer, Long>generate(() -> from, (position, sink) -> {
                    if (position >= to || file == null) {
                        sink.complete();
                        return position;
                    }
                    ByteBuffer block = next(position, to);
                    long end = position + block.remaining();
                    sink.next(block);
                    if (end >= to) {
                        sink.complete();
                    }
                    return end;
                })
                // Closed: the run is over and the cancel is on its way to here; there is no end to be told.
                .concatWith(Flux.defer(() -> file == null ? Flux.never() : Flux.empty()))
                .subscribeOn(Schedulers.fromExecutor(worker));
    }

    private ByteBuffer next(long position, long to) {
        if (prefix.isDue()) {
            checkpoint.run();
        }
        ByteBuffer block = block(position, to);
        if (position + block.remaining() >= to) {
            // Before the last block leaves: a changed file must not look complete to the server.
            verify();
        }
        prefix.add(position, block);
        return block;
    }

    private ByteBuffer block(long position, long to) {
        FileChannel open = file;
        if (open == null) {
            throw new IllegalStateException("The source is not open");
        }
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, to - position));
        try {
            while (block.hasRemaining()) {
                if (open.read(block, position + block.position()) < 0) {
                    throw new SourceChangedException(
                            path.toString(), "it ends after " + (position + block.position()) + " bytes");
                }
            }
        } catch (IOException e) {
            throw new DiskException("read", path, e);
        }
        return block.flip();
    }

    @Override
    public void close() {
        FileChannel open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new DiskException("close", path, e);
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
