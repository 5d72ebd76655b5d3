package dev.headrace.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets BlockHound see files: reading and writing a {@code FileChannel}, opening, renaming and deleting.
 *
 * <p>BlockHound by itself knows streams and {@code RandomAccessFile} only. Loaded by BlockHound through the service
 * loader. Methods that a JDK does not have are never called there, so naming them does no harm. Reading attributes
 * ({@code stat}) and closing are left alone: class loading does both.
 */
public final class FileIoBlockHoundIntegration implements BlockHoundIntegration {

    private static final String BUFFER = "Ljava/nio/ByteBuffer;";

    /** For the service loader. */
    public FileIoBlockHoundIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        String channel = "sun.nio.ch.FileChannelImpl";
        for (String transfer : new String[] {"read", "write"}) {
            builder.markAsBlocking(channel, transfer, "(" + BUFFER + ")I")
                    .markAsBlocking(channel, transfer, "(" + BUFFER + "J)I")
                    .markAsBlocking(channel, transfer, "([" + BUFFER + "II)J");
        }
        builder.markAsBlocking(channel, "force", "(Z)V")
                .markAsBlocking(channel, "truncate", "(J)Ljava/nio/channels/FileChannel;")
                .markAsBlocking(channel, "transferFrom", "(Ljava/nio/channels/ReadableByteChannel;JJ)J")
                .markAsBlocking(channel, "transferTo", "(JJLjava/nio/channels/WritableByteChannel;)J")
                .markAsBlocking(channel, "lock", "(JJZ)Ljava/nio/channels/FileLock;");

        String system = "sun.nio.fs.UnixNativeDispatcher";
        builder.markAsBlocking(system, "open0", "(JII)I")
                .markAsBlocking(system, "openat0", "(IJII)I")
                .markAsBlocking(system, "rename0", "(JJ)V")
                .markAsBlocking(system, "renameat0", "(IJIJ)V")
                .markAsBlocking(system, "unlink0", "(J)V")
                .markAsBlocking(system, "unlinkat0", "(IJI)V")
                .markAsBlocking(system, "mkdir0", "(JI)V")
                .markAsBlocking(system, "rmdir0", "(J)V")
                .markAsBlocking(system, "link0", "(JJ)V")
                .markAsBlocking(system, "opendir0", "(J)J");
    }
}
