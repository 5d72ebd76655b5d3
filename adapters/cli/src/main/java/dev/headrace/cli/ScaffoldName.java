package dev.headrace.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/**
 * What a project is called, and what follows from that.
 *
 * @param given such as {@code acme-crm}: letters, digits and dashes between them, a letter first
 */
record ScaffoldName(String given) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*");

    ScaffoldName {
        if (!FORM.matcher(given).matches()) {
            throw new IllegalArgumentException(
                    "NAME must be letters, digits and dashes between them, a letter first, but is '" + given + "'");
        }
    }

    /** The id of the integration: {@code acme-crm}. */
    String id() {
        return given.toLowerCase(Locale.ROOT);
    }

    /** The last part of the package: {@code acmecrm}, and {@code new_} for a word that Java has taken. */
    String packageName() {
        String joined = id().replace("-", "");
        return SourceVersion.isKeyword(joined) ? joined + "_" : joined;
    }

    /** What classes begin with: {@code AcmeCrm}. */
    String className() {
        return Arrays.stream(given.split("-")).map(ScaffoldName::capitalised).collect(Collectors.joining());
    }

    /** For people: {@code Acme Crm}. */
    String title() {
        return Arrays.stream(given.split("-")).map(ScaffoldName::capitalised).collect(Collectors.joining(" "));
    }

    private static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
