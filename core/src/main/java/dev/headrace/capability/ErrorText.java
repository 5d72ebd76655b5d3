package dev.headrace.capability;

import dev.headrace.http.Redactor;
import dev.headrace.http.Secret;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Messages as callers may see them: one line without markup, control characters and secrets, and not too long. */
final class ErrorText {

    private static final int LIMIT = 800;

    /** Shorter ones are found in harmless words. */
    private static final int SHORTEST_SECRET = 4;

    private static final Pattern MARKUP = Pattern.compile("(?is)<!doctype|<html|<head|<body|</[a-z]");
    private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]*>([^<]*)</title>");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    private ErrorText() {}

    static String of(String message) {
        String line = UNPRINTABLE
                .matcher(withoutMarkup(Redactor.text(message)))
                .replaceAll(" ")
                .strip();
        return line.codePointCount(0, line.length()) <= LIMIT
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LIMIT - 1)) + "…";
    }

    /** A message without the secrets of the call that failed, wherever they came from. */
    static String without(Collection<Secret> secrets, String message) {
        List<String> longestFirst = secrets.stream()
                .map(Secret::reveal)
                .filter(secret -> secret.length() >= SHORTEST_SECRET)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        String masked = message;
        for (String secret : longestFirst) {
            masked = masked.replace(secret, Secret.MASK);
        }
        return masked;
    }

    /** A page made for people at a browser says what matters in its title, if anywhere. */
    private static String withoutMarkup(String message) {
        var markup = MARKUP.matcher(message);
        if (!markup.find()) {
            return message;
        }
        String before = message.substring(0, message.indexOf('<')).strip();
        var title = TITLE.matcher(message);
        String said = title.find() ? title.group(1).strip() : "";
        return (before.isEmpty() ? "" : before + " ") + "an HTML page" + (said.isEmpty() ? "" : ": " + said);
    }
}
