package dev.headrace.spring;

import dev.headrace.http.Secret;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.core.convert.converter.Converter;

/** Without it, Spring finds the factory method by reflection, of which a native image knows nothing. */
@ConfigurationPropertiesBinding
final class TextToSecret implements Converter<String, Secret> {

    @Override
    public Secret convert(String source) {
        return Secret.of(source);
    }
}
