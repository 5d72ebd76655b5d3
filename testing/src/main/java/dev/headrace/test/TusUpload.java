package dev.headrace.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** An upload at a {@link FakeTusServer}: a live view, readable from any thread. */
public final class TusUpload {

    private final String path;
    private final String metadata;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private long length;
    private int gone;
    private int writer;

    TusUpload(String path, long length, String metadata) {
        this.path = path;
        this.length = length;
        this.metadata = metadata;
    }

    /**
     * Where it is.
     *
     * @return the end of its URL's path, such as {@code /uploads/1}
     */
    public String path() {
        return path;
    }

    /**
     * What has come.
     *
     * @return a new array
     */
    public synchronized byte[] bytes() {
        return content.toByteArray();
    }

    /**
     * How much has come.
     *
     * @return bytes
     */
    public synchronized long offset() {
        return content.size();
    }

    /**
     * How long it will be.
     *
     * @return bytes; -1 while the client has not said it
     */
    public synchronized long length() {
        return length;
    }

    /**
     * Whether all of it has come.
     *
     * @return true once the length is known and reached
     */
    public synchronized boolean isComplete() {
        return length >= 0 && content.size() == length;
    }

    /**
     * Whether it has been deleted, or has expired.
     *
     * @return true if requests about it are refused
     */
    public synchronized boolean isGone() {
        return gone != 0;
    }

    /**
     * What the client said about it in {@code Upload-Metadata}.
     *
     * @return names and decoded values
     */
    public Map<String, String> metadata() {
        Map<String, String> decoded = new TreeMap<>();
        Arrays.stream(metadata.split(","))
                .map(String::strip)
                .filter(pair -> !pair.isEmpty())
                .forEach(pair -> {
                    String[] parts = pair.split(" ", 2);
                    byte[] value =
                            parts.length < 2 ? new byte[0] : Base64.getDecoder().decode(parts[1]);
                    decoded.put(parts[0], new String(value, StandardCharsets.UTF_8));
                });
        return decoded;
    }

    /** Whoever asks for the state or sends more ends what is still being received: the state must not change behind them. */
    synchronized int takeOver() {
        return ++writer;
    }

    /** Keeps bytes of a request, unless another one has taken over. */
    synchronized void append(int from, byte[] bytes) {
        if (from == writer) {
            content.writeBytes(bytes);
        }
    }

    synchronized void declare(long bytes) {
        length = bytes;
    }

    synchronized void end(int status) {
        gone = status;
    }

    /** The status for all requests about it; 0 while it is there. */
    synchronized int gone() {
        return gone;
    }
}
