package dev.headrace.capability;

import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import java.util.Collection;
import java.util.regex.Pattern;

/** Messages as callers may see them: one line without markup, control characters and secrets, and not too long. */
final class ErrorText {

    private static final int LIMIT = 800;

    private static final Pattern MARKUP = Pattern.compile(
            "(?is)<!doctype html|</?(html|head|title|body|center|h[1-6]|p|div|span|table|a|img|br|hr|script|style|pre)\\b");
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

    /** A message without the secrets of the call that failed, wherever they came from, and however they are written. */
    static String without(Collection<Secret> secrets, String message) {
        // Requests know how the secrets look that they were given.
        Request knowing = Request.get("http://localhost/");
        for (Secret secret : secrets) {
            knowing = knowing.query("secret", secret);
        }
        return secrets.isEmpty() ? message : knowing.redacted(message);
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
