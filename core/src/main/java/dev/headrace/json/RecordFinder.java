package dev.headrace.json;

/**
 * Says where the records of a stream lie in its bytes and leaves reading them to a {@link Codec}. One instance goes through one stream;
 * not for use by several threads at once.
 *
 * <p>The caller keeps the bytes: each call gets a range that leads on from what the call before {@linkplain #used() used up}, in any array.
 */
public interface RecordFinder {

    /**
     * Goes on to the end of the next record. Afterwards {@link #used()} bytes are no longer needed; the others must lead the range of the
     * next call.
     *
     * @param bytes the array the bytes lie in
     * @param from index of the first byte not used up
     * @param to index behind the last byte
     * @return true if a record was found, false if it takes more bytes
     * @throws DecodingException if the stream is malformed or over a limit
     */
    boolean next(byte[] bytes, int from, int to);

    /**
     * Closes the stream, once {@link #next} has returned false and there are no more bytes. To be called until it returns false.
     *
     * @param bytes the array the bytes lie in
     * @param from index of the first byte not used up
     * @param to index behind the last byte
     * @return true if the last bytes are a record
     * @throws DecodingException if the stream is not complete
     */
    boolean end(byte[] bytes, int from, int to);

    /**
     * How many bytes of the last call's range are used up: those of a record that was found included, so it must be read first.
     *
     * @return number of bytes from the first
     */
    int used();

    /**
     * Where the record that was found begins.
     *
     * @return an index of the last call's array
     */
    int recordFrom();

    /**
     * Where the record that was found ends.
     *
     * @return the index behind its last byte
     */
    int recordTo();

    /**
     * Position in the stream of the first byte that is not used up.
     *
     * @return number of bytes used up since the stream began
     */
    long position();

    /**
     * Whether no more records can come, because the bytes so far say so.
     *
     * @return false where only the end of the stream tells
     */
    boolean isComplete();

    /**
     * Whether the record that was found is all there is, no element of a list.
     *
     * @return false by default
     */
    default boolean isAlone() {
        return false;
    }
}
