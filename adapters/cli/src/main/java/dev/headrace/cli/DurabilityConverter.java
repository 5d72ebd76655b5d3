package dev.headrace.cli;

import dev.headrace.transfer.Durability;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code process} or {@code power-loss}. */
final class DurabilityConverter implements ITypeConverter<Durability> {

    @Override
    public Durability convert(String text) {
        return switch (text) {
            case "process" -> Durability.PROCESS;
            case "power-loss" -> Durability.POWER_LOSS;
            default -> throw new TypeConversionException("'" + text + "' is neither process nor power-loss");
        };
    }
}
