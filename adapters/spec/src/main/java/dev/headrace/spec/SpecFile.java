package dev.headrace.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of text in UTF-8 that somebody has named, who may have named anything. */
final class SpecFile {

    private static final int MOST_BYTES = 4 * 1024 * 1024;

    /** It is not such a file as is read here. */
    static final class Unfit extends IOException {

        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message);
        }
    }

    private SpecFile() {}

    /**
     * Its text.
     *
     * @throws Unfit if it is no regular file, for a pipe or a device may have no end, or larger than 4 MiB
     * @throws java.nio.charset.CharacterCodingException if it is not text in UTF-8
     * @throws IOException if it cannot be read
     */
    static String read(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new Unfit("is no regular file");
        }
        // The size is what counts in the end, not what is said of it: a file may grow.
        try (InputStream content = Files.newInputStream(file)) {
            byte[] bytes = content.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new Unfit("is larger than 4 MiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }
}
