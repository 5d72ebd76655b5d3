package dev.headrace.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A repository of a {@link FakeRepositories} and its issues, which are made when they are listed; only changes are kept.
 *
 * <p>Used under the lock of the fake.
 */
final class Repository {

    /** What is asked of a list. */
    record Query(@Nullable Instant since, @Nullable Instant until, boolean byTime, int page, int size) {

        boolean covers(Instant updated) {
            return (since == null || !updated.isBefore(since)) && (until == null || updated.isBefore(until));
        }

        long skipped() {
            return (page - 1L) * size;
        }
    }

    /** The items of a page, and how many there are on all pages. */
    record Found(List<String> items, int total) {}

    private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");
    private static final long SECONDS_APART = 60;

    private final int id;
    private final String owner;
    private final String name;

    /** Issues from 1 that are as they were made, unless they are among the changes. */
    private final int made;

    private final Map<Integer, Instant> changes = new HashMap<>();
    private int count;
    private Instant updated;

    Repository(int id, String owner, String name, int issues) {
        this.id = id;
        this.owner = owner;
        this.name = name;
        this.made = issues;
        this.count = issues;
        this.updated = madeAt(issues);
    }

    Instant updated() {
        return updated;
    }

    int count() {
        return count;
    }

    /** Changes an issue, or adds the one behind the last. */
    void change(int number, Instant when) {
        changes.put(number, when);
        count = Math.max(count, number);
        updated = when.isAfter(updated) ? when : updated;
    }

    String json() {
        return "{\"id\":%d,\"name\":%s,\"owner\":{\"login\":%s},\"full_name\":%s,\"updated_at\":\"%s\"}"
                .formatted(id, JsonText.quoted(name), JsonText.quoted(owner), JsonText.quoted(fullName()), updated);
    }

    Found issues(Query query) {
        // Issues as made are in order of number and of time at once, so that those of a span lie in a row.
        int from = query.since() == null ? 1 : firstMadeSince(query.since());
        int to = query.until() == null ? made : firstMadeSince(query.until()) - 1;
        if (changes.isEmpty()) {
            List<String> items = new ArrayList<>();
            long first = from + query.skipped();
            for (long number = first; number <= Math.min(to, first + query.size() - 1); number++) {
                items.add(issue((int) number));
            }
            return new Found(items, Math.max(0, to - from + 1));
        }
        List<Integer> numbers = new ArrayList<>();
        for (int number = from; number <= to; number++) {
            if (!changes.containsKey(number)) {
                numbers.add(number);
            }
        }
        changes.forEach((number, when) -> {
            if (query.covers(when)) {
                numbers.add(number);
            }
        });
        Comparator<Integer> byNumber = Comparator.naturalOrder();
        numbers.sort(
                query.byTime()
                        ? Comparator.comparing((Integer number) -> updated(number))
                                .thenComparing(byNumber)
                        : byNumber);
        List<String> items = numbers.stream()
                .skip(query.skipped())
                .limit(query.size())
                .map(this::issue)
                .toList();
        return new Found(items, numbers.size());
    }

    private String issue(int number) {
        return "{\"id\":%d,\"number\":%d,\"title\":\"Issue %d\",\"state\":\"%s\",\"updated_at\":\"%s\",\"repository\":%s}"
                .formatted(
                        id * 1_000_000_000L + number,
                        number,
                        number,
                        number % 3 == 0 ? "closed" : "open",
                        updated(number),
                        JsonText.quoted(fullName()));
    }

    private Instant updated(int number) {
        Instant change = changes.get(number);
        return change == null ? madeAt(number) : change;
    }

    private String fullName() {
        return owner + "/" + name;
    }

    private static Instant madeAt(int number) {
        return FIRST.plusSeconds(SECONDS_APART * number);
    }

    /** The number, from 1 to one more than were made. */
    private int firstMadeSince(Instant time) {
        long seconds = Duration.between(FIRST, time).plusNanos(999_999_999).toSeconds();
        long number = -Math.floorDiv(-seconds, SECONDS_APART);
        return (int) Math.max(1, Math.min(made + 1L, number));
    }
}
