package dev.headrace.stream;

import java.math.BigDecimal;
import java.text.DecimalFormatSymbols;
import java.util.Currency;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads numbers as people write them: with currencies, and with comma and point in either role. */
final class NumberText {

    // The sign may stand before the currency or behind it; so may the currency, and the number.
    private static final Pattern PARTS =
            Pattern.compile("(?<sign>[-+\u2212]?)\\s*(?<before>(?:[^\\d\\s.,+\u2212-]{1,5}\\.?)?)\\s*"
                    + "(?<inner>[-+\u2212]?)(?<number>[.,]?\\d[\\d.,'\u2019 ]*?)(?<exponent>[eE][-+]?\\d{1,3})?"
                    + "\\s*(?<after>(?:[^\\d\\s.,+\u2212-]{1,4}\\.?)?)");

    // Groups of two are Indian (1,00,000); the last one has three digits everywhere, and one number has one kind of
    // separator.
    private static final Pattern GROUPED = Pattern.compile("\\d{1,3}([.,'\u2019 ])(?:\\d{2,3}\\1)*\\d{3}");
    private static final Pattern THOUSANDS = Pattern.compile("[1-9]\\d{0,2},\\d{3}");
    private static final Pattern DIGITS = Pattern.compile("\\d*");

    private static final Pattern SYMBOL = Pattern.compile("\\p{L}{0,3}\\p{Sc}");
    private static final Set<String> WORDS =
            Set.of("kr", "kr.", "zł", "Kč", "Ft", "лв", "лв.", "lei", "Rs", "Rs.", "Fr", "Fr.", "R");
    private static final Set<String> CODES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    private NumberText() {}

    /** The number, or null if the text is none. Without a locale, the text itself says which separator has which role. */
    static @Nullable BigDecimal parse(String text, @Nullable Locale locale) {
        if (text.length() > Exact.LONGEST_TEXT) {
            return null;
        }
        // Non-breaking and thin spaces are what locales put between groups.
        Matcher parts =
                PARTS.matcher(text.replaceAll("[\u00A0\u2007\u2009\u202F]", " ").strip());
        if (!parts.matches()
                || !isCurrency(parts.group("before"))
                || !isCurrency(parts.group("after"))
                || !parts.group("sign").isEmpty() && !parts.group("inner").isEmpty()) {
            return null;
        }
        String number = parts.group("number");
        int point = locale == null
                ? decimalPoint(number)
                : number.indexOf(symbols(locale).getDecimalSeparator());
        String whole = point < 0 ? number : number.substring(0, point);
        String fraction = point < 0 ? "" : number.substring(point + 1);
        if (!isWhole(whole, locale) || !DIGITS.matcher(fraction).matches() || whole.isEmpty() && fraction.isEmpty()) {
            return null;
        }
        String sign = (parts.group("sign") + parts.group("inner")).replace('\u2212', '-');
        String exponent = parts.group("exponent") == null ? "" : parts.group("exponent");
        return new BigDecimal(
                sign + whole.replaceAll("\\D", "") + (fraction.isEmpty() ? "" : "." + fraction) + exponent);
    }

    private static boolean isCurrency(String mark) {
        return mark.isEmpty() || SYMBOL.matcher(mark).matches() || WORDS.contains(mark) || CODES.contains(mark);
    }

    /** With both, the last one is the point; one that is there twice groups; a comma before three digits groups as well. */
    private static int decimalPoint(String number) {
        int comma = number.lastIndexOf(',');
        int point = number.lastIndexOf('.');
        if (comma >= 0 && point >= 0) {
            return Math.max(comma, point);
        }
        int only = Math.max(comma, point);
        boolean grouping = only >= 0 && number.indexOf(number.charAt(only)) < only
                || THOUSANDS.matcher(number).matches();
        return grouping ? -1 : only;
    }

    private static boolean isWhole(String whole, @Nullable Locale locale) {
        if (DIGITS.matcher(whole).matches()) {
            return true;
        }
        Matcher grouped = GROUPED.matcher(whole);
        // A comma or point that the locale does not group by is a mistake, not a group.
        return grouped.matches()
                && (locale == null
                        || !".,".contains(grouped.group(1))
                        || grouped.group(1).charAt(0) == symbols(locale).getGroupingSeparator());
    }

    private static DecimalFormatSymbols symbols(Locale locale) {
        return DecimalFormatSymbols.getInstance(locale);
    }
}
