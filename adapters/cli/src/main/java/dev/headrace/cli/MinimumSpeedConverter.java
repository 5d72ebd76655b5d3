package dev.headrace.cli;

import dev.headrace.transfer.MinimumSpeed;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The least speed as bytes in a time: {@code 1k/30s}. */
final class MinimumSpeedConverter implements ITypeConverter<MinimumSpeed> {

    @Override
    public MinimumSpeed convert(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new TypeConversionException("'" + text + "' is no speed; write 1k/30s for a KiB in half a minute");
        }
        try {
            return new MinimumSpeed(new SizeConverter().convert(parts[0]), new DurationConverter().convert(parts[1]));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is no speed: " + e.getMessage());
        }
    }
}
