package dev.headrace.test;

import org.jspecify.annotations.Nullable;

/** The answer of a {@link RangeFile}, with what faults may claim about the range. */
final class RangeAnswer extends Answer {

    static final String UNKNOWN = "*";

    boolean ignoresRange;
    boolean ignoresIfRange;
    boolean ignoresIfMatch;
    boolean rangesUnasked;

    /** Added to the first byte of a range. */
    long shift;

    /** Longest range sent, whatever was asked. */
    long longestRange = Long.MAX_VALUE;

    boolean omitsContentRange;
    boolean omitsValidators;
    boolean weak;

    /** Said in place of the truth. */
    @Nullable
    String total;

    @Nullable
    String etag;

    @Nullable
    Long contentSeed;
}
