package dev.headrace.spec;

import static dev.headrace.spec.Scalars.duration;
import static dev.headrace.spec.Scalars.pointer;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Scalars.word;
import static dev.headrace.spec.Shapes.oneOrMany;

import dev.headrace.error.FailureKind;
import dev.headrace.http.RetryAfter;
import dev.headrace.resilience.ErrorCondition;
import dev.headrace.resilience.ErrorRule;
import dev.headrace.resilience.ErrorRules;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The part of the format that says what responses and failures mean. */
final class ErrorFormat {

    private static final Pattern BETWEEN = Pattern.compile("(\\d{3})\\s*-\\s*(\\d{3})");
    private static final Pattern HUNDRED = Pattern.compile("([1-5])xx");

    private static final Shape<ErrorCondition> HEADER = Section.of(
                    "error_header", "A header of the response.", new Named("", null, null))
            .required("name", "Its name.", text(), (header, name) -> new Named(name, header.is(), header.like()))
            .key("is", "Its exact value.", text(), (header, is) -> new Named(header.name(), is, header.like()))
            .key(
                    "like",
                    "A regular expression that is found in its value.",
                    text(),
                    (header, like) -> new Named(header.name(), header.is(), like))
            .map(Named::condition);

    /** A header that is asked for. */
    private record Named(
            String name, @Nullable String is, @Nullable String like) {

        ErrorCondition condition() {
            if (is != null && like != null) {
                throw new IllegalArgumentException("has both 'is' and 'like'; say one");
            }
            return is != null
                    ? ErrorCondition.header(name, is)
                    : like != null ? ErrorCondition.headerMatches(name, like) : ErrorCondition.header(name);
        }
    }

    private static final Shape<ErrorCondition> BODY = Section.of(
                    "error_body", "A place in the response's JSON.", new Value("", List.of()))
            .required("at", "Where it is.", pointer(), (value, at) -> new Value(at, value.is()))
            .key(
                    "is",
                    "One of these values; by default anything but null.",
                    oneOrMany(Shapes.json()),
                    (value, is) -> new Value(value.at(), is))
            .map(Value::condition);

    /** A value that is asked for. */
    private record Value(String at, List<JsonNode> is) {

        ErrorCondition condition() {
            return is.isEmpty()
                    ? ErrorCondition.bodyAt(at)
                    : ErrorCondition.bodyAt(at, is.get(0), is.stream().skip(1).toArray());
        }
    }

    private static final Shape<List<ErrorCondition>> CONDITIONS = Section.<List<ErrorCondition>>of(
                    "error_conditions", "What a response or a failure must be like; all of it.", List.of())
            .key(
                    "status",
                    "Its status: one or several, 500-599 or 5xx.",
                    oneOrMany(text()).map(ErrorFormat::status),
                    ErrorFormat::and)
            .key("header", "Headers that it has.", oneOrMany(HEADER), ErrorFormat::andAll)
            .key("body", "What its JSON has.", oneOrMany(BODY), ErrorFormat::andAll)
            .key(
                    "body_contains",
                    "Text in its body, in upper or lower case.",
                    text().map(ErrorCondition::bodyContains),
                    ErrorFormat::and)
            .key(
                    "body_like",
                    "A regular expression that is found in its body.",
                    text().map(ErrorCondition::bodyMatches),
                    ErrorFormat::and)
            .key(
                    "failure",
                    "There is no response, but a failure of this kind.",
                    word(FailureKind.class).map(ErrorCondition::failure),
                    ErrorFormat::and)
            .key(
                    "not",
                    "What must not hold; a single condition.",
                    Shapes.lazily(ErrorFormat::negated),
                    ErrorFormat::and);

    private static Shape<ErrorCondition> negated() {
        return CONDITIONS.map(conditions -> {
            if (conditions.size() != 1) {
                throw new IllegalArgumentException("needs exactly one condition, but has " + conditions.size());
            }
            return ErrorCondition.not(conditions.get(0));
        });
    }

    private static List<ErrorCondition> and(List<ErrorCondition> conditions, ErrorCondition more) {
        return andAll(conditions, List.of(more));
    }

    private static List<ErrorCondition> andAll(List<ErrorCondition> conditions, List<ErrorCondition> more) {
        return Stream.concat(conditions.stream(), more.stream()).toList();
    }

    private static ErrorCondition status(List<String> statuses) {
        Matcher between = BETWEEN.matcher(statuses.get(0));
        Matcher hundred = HUNDRED.matcher(statuses.get(0));
        if (statuses.size() == 1 && between.matches()) {
            return ErrorCondition.statusBetween(Integer.parseInt(between.group(1)), Integer.parseInt(between.group(2)));
        }
        if (statuses.size() == 1 && hundred.matches()) {
            int lowest = Integer.parseInt(hundred.group(1)) * 100;
            return ErrorCondition.statusBetween(lowest, lowest + 99);
        }
        return ErrorCondition.status(statuses.stream()
                .mapToInt(status -> {
                    if (!status.matches("[1-5]\\d\\d")) {
                        throw new IllegalArgumentException(
                                "'" + status + "' is no status such as 429, 500-599 or 5xx; a range stands alone");
                    }
                    return Integer.parseInt(status);
                })
                .toArray());
    }

    /** What follows when the conditions hold. */
    private interface Consequence extends Function<ErrorRule.When, ErrorRule> {}

    private static final Shape<Consequence> FAIL = Section.<Failing>ofKinds("error_failure", "It will not pass.")
            .shortForm("What a caller can do about it.", word(FailureKind.class).map(kind -> new Failing(kind, null)))
            .kind("kind", "What a caller can do about it.", word(FailureKind.class), kind -> new Failing(kind, null))
            .key("message", "What has happened.", text(), (failing, message) -> new Failing(failing.kind(), message))
            .map(failing -> failing::rule);

    /** A failure to be made. */
    private record Failing(FailureKind kind, @Nullable String message) {

        ErrorRule rule(ErrorRule.When when) {
            return message == null ? when.fail(kind) : when.fail(kind, message);
        }
    }

    private static final Shape<Consequence> THEN = Section.<Consequence>ofKinds("error_consequence", "What follows.")
            .word("retry", "It may pass, and is sent again as the retry policy says.", () -> ErrorRule.When::retry)
            .word(
                    "rate_limited",
                    "The caller was too fast: everybody waits, and it is sent again.",
                    () -> ErrorRule.When::rateLimited)
            .word("ignore", "It is taken for a response without content.", () -> ErrorRule.When::ignore)
            .word("accept", "It is an answer like any other.", () -> ErrorRule.When::accept)
            .word(
                    "renew_credentials",
                    "The token has run out: it is sent once more with a new one.",
                    () -> ErrorRule.When::renewCredentials)
            .kind("retry_after", "It may pass after such a time.", duration(), delay -> when -> when.retry(delay))
            .kind(
                    "rate_limited_for",
                    "Too fast; everybody waits such a time.",
                    duration(),
                    delay -> when -> when.rateLimited(delay))
            .kind(
                    "rate_limited_seconds_at",
                    "Too fast; the seconds to wait stand in the body there.",
                    pointer(),
                    at -> when -> when.rateLimitedSecondsAt(at))
            .kind(
                    "rate_limited_until",
                    "Too fast; a header says until when.",
                    text(),
                    header -> when -> when.rateLimited(RetryAfter.untilIn(header)))
            .kind("fail", "It will not pass.", FAIL, fail -> fail);

    /** A table of one's own or of the library's. */
    private record Entry(
            @Nullable ErrorRules preset,
            List<ErrorCondition> when,
            @Nullable Consequence then) {

        static Entry of(ErrorRules preset) {
            return new Entry(preset, List.of(), null);
        }

        Entry then(Consequence then) {
            if (preset != null) {
                throw new IllegalArgumentException(
                        "'then' belongs to 'when'; ready-made rules say themselves what follows");
            }
            return new Entry(null, when, then);
        }

        ErrorRules rules() {
            if (preset != null) {
                return preset;
            }
            if (when.isEmpty()) {
                throw new IllegalArgumentException("'when' has no condition");
            }
            if (then == null) {
                throw new IllegalArgumentException("lacks the key 'then', which says what follows");
            }
            ErrorRule.When all = ErrorRule.when(when.get(0));
            for (ErrorCondition condition : when.subList(1, when.size())) {
                all = all.and(condition);
            }
            return ErrorRules.of(then.apply(all));
        }
    }

    private static final Shape<ErrorRules> RULE = Section.<Entry>ofKinds(
                    "error_rule", "What some responses or failures mean; the first rule that holds counts.")
            .word("graphql", "GraphQL: errors without data.", () -> Entry.of(ErrorRules.graphql()))
            .word("slack", "Slack: a 200 with ok: false.", () -> Entry.of(ErrorRules.slack()))
            .word("github", "GitHub: a 403 that is a rate limit.", () -> Entry.of(ErrorRules.github()))
            .word("stripe", "Stripe: the header Stripe-Should-Retry.", () -> Entry.of(ErrorRules.stripe()))
            .kind("when", "What must hold.", CONDITIONS, when -> new Entry(null, when, null))
            .key("then", "What follows then; 'when' needs it, ready-made rules have their own.", THEN, Entry::then)
            .map(Entry::rules);

    static final Shape<ErrorRules> ERRORS = oneOrMany(RULE)
            .map(tables -> tables.stream().reduce(ErrorRules::orElse).orElse(ErrorRules.none()));

    private ErrorFormat() {}
}
