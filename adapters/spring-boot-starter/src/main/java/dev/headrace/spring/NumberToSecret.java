package dev.headrace.spring;

import dev.headrace.http.Secret;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.core.convert.converter.Converter;

/** For secrets of digits only, which YAML takes for numbers. */
@ConfigurationPropertiesBinding
final class NumberToSecret implements Converter<Number, Secret> {

    @Override
    public Secret convert(Number source) {
        return Secret.of(source.toString());
    }
}
