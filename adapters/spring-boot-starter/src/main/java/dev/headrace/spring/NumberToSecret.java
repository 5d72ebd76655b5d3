package dev.headrace.spring;

import dev.headrace.http.Secret;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.Converter;

/** Refuses secrets that YAML has taken for numbers: it reads 0123456 as an octal one and 1.10 as 1.1, and nobody would see why. */
@ConfigurationPropertiesBinding
final class NumberToSecret implements Converter<Number, Secret> {

    static final String REFUSED = "It is a number, of which digits may have been lost; put the secret in quotes.";

    @Override
    public Secret convert(Number source) {
        // Spring's own would quote the value.
        throw new ConversionFailedException(
                TypeDescriptor.valueOf(Number.class),
                TypeDescriptor.valueOf(Secret.class),
                null,
                new IllegalArgumentException(REFUSED));
    }
}
