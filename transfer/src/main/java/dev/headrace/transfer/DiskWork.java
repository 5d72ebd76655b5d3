package dev.headrace.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Something done with an open file; it may be done once more with another channel, if somebody interrupts the thread under it. */
@FunctionalInterface
interface DiskWork {

    void on(FileChannel file) throws IOException;
}
