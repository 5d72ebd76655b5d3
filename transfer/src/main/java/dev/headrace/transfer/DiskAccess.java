package dev.headrace.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** Opens files; a seam so that tests can play a full or a slow disk. */
@FunctionalInterface
interface DiskAccess {

    DiskAccess REAL = FileChannel::open;

    FileChannel open(Path file, OpenOption... options) throws IOException;
}
