package dev.headrace.cli;

import dev.headrace.resilience.RateLimitPolicy;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Rates as people write them: {@code 10/s}, {@code 100/m}, {@code 5/h}. */
final class RateConverter implements ITypeConverter<RateLimitPolicy> {

    private static final Pattern RATE = Pattern.compile("0*([1-9]\\d{0,8})/([smh])");

    /** The library would rather fail than wait so long; who gives a rate at a prompt wants it kept. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    @Override
    public RateLimitPolicy convert(String text) {
        Matcher rate = RATE.matcher(text);
        if (!rate.matches()) {
            throw new TypeConversionException("'" + text + "' is no rate; write 10/s, 100/m or 5/h");
        }
        Duration period = switch (rate.group(2)) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            default -> Duration.ofHours(1);
        };
        return RateLimitPolicy.of(Long.parseLong(rate.group(1)), period).maxWait(PATIENCE);
    }
}
