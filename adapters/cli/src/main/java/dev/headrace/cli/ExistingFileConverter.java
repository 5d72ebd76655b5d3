package dev.headrace.cli;

import dev.headrace.transfer.ExistingFile;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code fail}, {@code replace}, {@code skip} or {@code skip-if-digest-matches}. */
final class ExistingFileConverter implements ITypeConverter<ExistingFile> {

    @Override
    public ExistingFile convert(String text) {
        for (ExistingFile choice : ExistingFile.values()) {
            if (choice.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text.toLowerCase(Locale.ROOT))) {
                return choice;
            }
        }
        throw new TypeConversionException("'" + text + "' is none of fail, replace, skip, skip-if-digest-matches");
    }
}
