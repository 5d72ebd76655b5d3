package dev.headrace.test;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A collection in the style of Google Calendar: pages by {@code nextPageToken}, and on the last one a {@code nextSyncToken} that reads what changed later.
 *
 * <pre>{@code
 * FakeCalendar events = FakeCalendar.events(FakeCalendar.meetings(5));
 * try (TestServer api = events.start()) {
 *     … // a full read, up to a sync token
 *     events.change("{\"id\":\"e2\",\"status\":\"cancelled\"}");
 *     … // reads this change only
 * }
 * }</pre>
 *
 * <p>{@code GET /calendar/v3/calendars/c/events} takes {@code maxResults} (1 to 2500, default 250), {@code pageToken} and {@code syncToken}. Changes
 * made while pages are read are seen after the sync token, not before. A full read leaves out what was cancelled. Sizes and bodies of errors are
 * general knowledge of this API. Settings return a changed copy without changes.
 */
public final class FakeCalendar extends FaultyRoute<FakeCalendar> {

    private enum Deviation {
        EXPIRED
    }

    private static final String PATH = "/calendar/v3/calendars/c/events";
    private static final Pattern SYNC_TOKEN = Pattern.compile("s(\\d{1,9})\\.(\\d{1,9})");
    private static final Pattern PAGE_TOKEN = Pattern.compile("p(-?\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})");

    /** What a page belongs to: the changes since one time up to another, or from -1 for all items as of then. */
    private record Read(int since, int until, int from, int page) {

        String token() {
            return "p" + since + "." + until + "." + from + "." + page;
        }
    }

    private final List<String> items;
    private final ChangeLog log;

    /** How often all sync tokens have been forgotten; each token knows before which time. */
    private int era;

    private FakeCalendar(List<String> items, Faults<Answer> faults) {
        super(faults);
        this.items = items;
        this.log = new ChangeLog(items, item -> JsonText.field(item, "status").equals("cancelled"));
    }

    /**
     * One calendar.
     *
     * @param items JSON objects with an {@code id}
     * @return no changes, no faults
     */
    public static FakeCalendar events(List<String> items) {
        return new FakeCalendar(List.copyOf(items), Faults.none());
    }

    /**
     * Makes events to serve, with ids from {@code e1}.
     *
     * @param count how many
     * @return JSON objects
     */
    public static List<String> meetings(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> "{\"id\":\"e%d\",\"status\":\"confirmed\",\"summary\":\"Meeting %d\"}".formatted(n, n))
                .toList();
    }

    /**
     * Adds, changes or, with {@code "status":"cancelled"}, removes an event.
     *
     * @param item a JSON object with an {@code id}
     */
    public synchronized void change(String item) {
        log.add(item);
    }

    /**
     * Forgets all sync tokens given out so far: 410, now and later, until a full read gives another.
     *
     * @return when to do so
     */
    public Fault<FakeCalendar> expiring() {
        return fault(Deviation.EXPIRED);
    }

    /**
     * Gives fewer items than asked, with more to come.
     *
     * @param items at most on the page
     * @return when to do so
     */
    public Fault<FakeCalendar> shortening(int items) {
        return pagesOf(items);
    }

    @Override
    FakeCalendar with(Faults<Answer> faults) {
        return new FakeCalendar(items, faults);
    }

    @Override
    void fill(Answer answer, Asked asked) {
        int most = asked.number("maxResults", 250);
        Matcher page = PAGE_TOKEN.matcher(asked.parameter("pageToken").orElse(""));
        Matcher sync = SYNC_TOKEN.matcher(asked.parameter("syncToken").orElse(""));
        if (!asked.is("GET") || !asked.path().equals(PATH)) {
            refuse(answer, 404, "notFound");
        } else if (most < 1 || most > 2500) {
            refuse(answer, 400, "invalidParameter");
        } else if (asked.parameter("pageToken").isPresent()) {
            if (page.matches()) {
                read(answer, most, new Read(number(page, 1), number(page, 2), number(page, 3), number(page, 4)));
            } else {
                refuse(answer, 400, "invalid");
            }
        } else if (asked.parameter("syncToken").isPresent()) {
            if (answer.deviations.containsKey(Deviation.EXPIRED)) {
                era++;
            }
            if (sync.matches() && number(sync, 1) == era) {
                read(answer, most, new Read(number(sync, 2), log.now(), 0, 1));
            } else {
                refuse(answer, 410, "fullSyncRequired");
            }
        } else {
            read(answer, most, new Read(-1, log.now(), 0, 1));
        }
    }

    private void read(Answer answer, int most, Read read) {
        List<String> all = read.since() < 0 ? log.at(read.until()) : log.between(read.since(), read.until());
        int from = Math.min(all.size(), read.from());
        int to = from + Math.min(Math.min(most, answer.itemsAtMost), all.size() - from);
        String rest = to == all.size()
                ? "\"nextSyncToken\":\"s" + era + "." + read.until() + "\""
                : "\"nextPageToken\":\"" + new Read(read.since(), read.until(), to, read.page() + 1).token() + "\"";
        answer.json("{\"kind\":\"calendar#events\",\"items\":%s,%s}"
                .formatted(JsonText.array(all.subList(from, to)), rest));
    }

    private static void refuse(Answer answer, int status, String reason) {
        answer.failJson(
                status,
                "{\"error\":{\"code\":%d,\"message\":\"%s\",\"errors\":[{\"domain\":\"calendar\",\"reason\":\"%s\"}]}}"
                        .formatted(status, reason, reason));
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
