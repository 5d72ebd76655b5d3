package dev.headrace.cli;

import dev.headrace.sse.Backpressure;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code block} or {@code drop-oldest:N}. */
final class BackpressureConverter implements ITypeConverter<Backpressure> {

    private static final String DROP_OLDEST = "drop-oldest";

    @Override
    public Backpressure convert(String value) {
        if (value.equals("block")) {
            return Backpressure.block();
        }
        if (value.equals(DROP_OLDEST)) {
            return Backpressure.dropOldest();
        }
        if (value.matches(DROP_OLDEST + ":[1-9][0-9]{0,8}")) {
            return Backpressure.dropOldest(Integer.parseInt(value.substring(DROP_OLDEST.length() + 1)));
        }
        throw new TypeConversionException("'" + value + "' is neither block nor drop-oldest:N with N from 1");
    }
}
