package dev.headrace.json;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came is not what it was said to be: malformed, cut short, over a limit, or of another shape than the type it was to become.
 * {@link FailureKind#UNTRUSTED_DATA}. Items before the bad one have been emitted and stay emitted.
 *
 * <p>The message says where and what was expected, and shows no data but the names of properties and at most the one byte that was
 * out of place: bodies hold secrets.
 */
public final class DecodingException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    /** Stands for a position or an item that is not known. */
    public static final long UNKNOWN = -1;

    private final transient String problem;
    private final transient long position;
    private final transient long item;
    private final transient boolean cutShort;

    /**
     * Creates a failure.
     *
     * @param problem what was expected and what came; without data
     * @param position index of the byte at fault, from 0, counted after content decoding; {@link #UNKNOWN} if there is none
     * @param item index of the item at fault, from 0; {@link #UNKNOWN} if it is not within an item
     * @param cause what a codec threw, if it has no data in its message
     */
    public DecodingException(String problem, long position, long item, @Nullable Throwable cause) {
        this("", problem, position, item, cause, false);
    }

    private DecodingException(
            String source, String problem, long position, long item, @Nullable Throwable cause, boolean cutShort) {
        super(FailureKind.UNTRUSTED_DATA, source + place(position, item) + problem, cause);
        this.problem = Objects.requireNonNull(problem, "problem");
        this.position = position;
        this.item = item;
        this.cutShort = cutShort;
    }

    /**
     * A stream that ended too early.
     *
     * @param problem what was to come yet; without data
     * @param position how many bytes there were
     * @param item how many whole items there were
     * @return a failure that {@linkplain #isCutShort() says so}
     */
    public static DecodingException cutShort(String problem, long position, long item) {
        return new DecodingException("", problem, position, item, null, true);
    }

    private static String place(long position, long item) {
        if (position < 0) {
            return item < 0 ? "" : "Item " + item + ": ";
        }
        return item < 0 ? "Byte " + position + ": " : "Item " + item + ", byte " + position + ": ";
    }

    /**
     * What was expected and what came, without the place.
     *
     * @return the message without its beginning
     */
    public String problem() {
        return problem;
    }

    /**
     * Index of the byte at fault.
     *
     * @return from 0, counted after content decoding; {@link #UNKNOWN} if it is not known
     */
    public long position() {
        return position;
    }

    /**
     * Index of the item at fault; as many items were emitted before it.
     *
     * @return from 0; {@link #UNKNOWN} if it is not within an item
     */
    public long item() {
        return item;
    }

    /**
     * Whether the stream ended where more had to come, as when a connection breaks and nothing but the content tells.
     *
     * @return true if all that came was well-formed
     */
    public boolean isCutShort() {
        return cutShort;
    }

    /**
     * This failure, where the stream ended and may have been cut.
     *
     * @return a failure that {@linkplain #isCutShort() says so}
     */
    public DecodingException asCutShort() {
        return cutShort ? this : new DecodingException("", problem, position, item, getCause(), true);
    }

    /**
     * This failure, where it is known that more came behind it.
     *
     * @return a failure that is none of a cut
     */
    public DecodingException asMalformed() {
        return cutShort ? new DecodingException("", problem, position, item, getCause(), false) : this;
    }

    /**
     * This failure of one item, seen from the stream the item came in.
     *
     * @param start position of the item's first byte in the stream
     * @param item index of the item in the stream
     * @return a failure with the same problem at the place in the stream
     */
    public DecodingException within(long start, long item) {
        return new DecodingException("", problem, start + Math.max(0, position), item, getCause(), cutShort);
    }

    /**
     * This failure with what was being read.
     *
     * @param source such as method and URI, as they may be printed
     * @return a failure with the same problem at the same place, whose message begins with the source
     */
    public DecodingException from(String source) {
        return new DecodingException(source + ": ", problem, position, item, getCause(), cutShort);
    }
}
