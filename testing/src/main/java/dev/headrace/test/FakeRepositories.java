package dev.headrace.test;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Repositories and their issues in the style of GitHub, which change while they are read: a parent list, and a list for each parent that can be
 * read from one time to another.
 *
 * <pre>{@code
 * FakeRepositories github = FakeRepositories.of(3, 250).answering("o/r2", 404).expiringPages().onPage(2).once();
 * try (TestServer api = github.start()) {
 *     … // a first read
 *     github.touch("o", "r1", 7, Instant.parse("2024-06-01T00:00:00Z"));
 *     … // reads this issue again
 * }
 * }</pre>
 *
 * <p>{@code GET /user/repos} lists the repositories {@code o/r1}, {@code o/r2} and so on, {@code GET /repos/o/r1/issues} the issues of one, with
 * numbers from 1. Issue n of every repository was changed n minutes after 2024-01-01T00:00:00Z; a repository when the latest of its issues was. Both
 * take {@code since} (inclusive) and {@code until} (exclusive), times or dates, for {@code updated_at}; {@code sort=updated} for that order, the
 * oldest first, instead of that of numbers; {@code page} and {@code per_page} (default 30, at most 100). Other parameters mean nothing. Pages lead to
 * the next by a {@code Link} header. {@code until} and the ascending order are of this fake, not of GitHub.
 *
 * <p>Issues are made as they are asked for, so thousands of repositories cost nothing; only changes are kept. They may come from any thread. Settings
 * return a changed copy without changes.
 */
public final class FakeRepositories extends FaultyRoute<FakeRepositories> {

    private static final String OWNER = "o";
    private static final int MOST_ON_PAGE = 100;
    private static final Pattern ISSUES = Pattern.compile("/repos/([^/]+)/([^/]+)/issues");
    private static final Pattern NAME = Pattern.compile("r([1-9]\\d{0,8})");

    private final int repositories;
    private final int issuesEach;
    private final int resultWall;
    private final Map<String, Integer> answers;

    /** Repositories that have been changed or added; all others are as they were made. */
    private final Map<String, Repository> changed = new HashMap<>();

    private final List<Repository> added = new ArrayList<>();

    private FakeRepositories(
            int repositories, int issuesEach, int resultWall, Map<String, Integer> answers, Faults<Answer> faults) {
        super(faults);
        this.repositories = repositories;
        this.issuesEach = issuesEach;
        this.resultWall = resultWall;
        this.answers = answers;
    }

    /**
     * Repositories {@code o/r1} and on, all with as many issues.
     *
     * @param repositories how many; may be none
     * @param issuesEach how many issues in each; may be none
     * @return no wall, no faults
     */
    public static FakeRepositories of(int repositories, int issuesEach) {
        if (repositories < 0 || issuesEach < 0) {
            throw new IllegalArgumentException(
                    "repositories and issuesEach must not be negative: " + repositories + ", " + issuesEach);
        }
        return new FakeRepositories(repositories, issuesEach, Integer.MAX_VALUE, Map.of(), Faults.none());
    }

    /**
     * How far a list of issues is read: a page that begins behind so many results of a query is 422, and the one before is cut. Links lead there all
     * the same. Default: to the end.
     *
     * @param results at least 1
     * @return a changed copy
     */
    public FakeRepositories resultWall(int results) {
        if (results < 1) {
            throw new IllegalArgumentException("resultWall must be at least 1: " + results);
        }
        return new FakeRepositories(repositories, issuesEach, results, answers, faults());
    }

    /**
     * Answers whoever asks for the issues of one repository with a status. The list of repositories still has it.
     *
     * @param fullName for example {@code o/r2}
     * @param status for example 403, 404 or 500
     * @return a changed copy
     */
    public FakeRepositories answering(String fullName, int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be 200 to 599: " + status);
        }
        Map<String, Integer> more = new HashMap<>(answers);
        more.put(fullName, status);
        return new FakeRepositories(repositories, issuesEach, resultWall, Map.copyOf(more), faults());
    }

    /**
     * Refuses a page behind the first with 410, as if its address had been good for a while only.
     *
     * @return when to do so
     */
    public Fault<FakeRepositories> expiringPages() {
        return refusing(410, message("The page has expired")).when(request -> Occasion.page(request) > 1);
    }

    /**
     * Changes an issue.
     *
     * @param owner for example {@code o}
     * @param repository for example {@code r1}
     * @param number of an issue that is there
     * @param updated its {@code updated_at} from now on; the repository's only if it is later
     */
    public synchronized void touch(String owner, String repository, int number, Instant updated) {
        Repository home = toChange(owner, repository);
        if (number < 1 || number > home.count()) {
            throw new IllegalArgumentException("number must be that of an issue, 1 to " + home.count() + ": " + number);
        }
        home.change(number, updated);
    }

    /**
     * Adds an issue.
     *
     * @param owner for example {@code o}
     * @param repository for example {@code r1}
     * @param updated its {@code updated_at}
     * @return its number, the next one
     */
    public synchronized int add(String owner, String repository, Instant updated) {
        Repository home = toChange(owner, repository);
        int number = home.count() + 1;
        home.change(number, updated);
        return number;
    }

    /**
     * Adds a repository, behind all others.
     *
     * @param owner for example {@code o}
     * @param repository another name than those of this owner's repositories
     * @param issues how many it has, changed at the same times as those of others
     */
    public synchronized void addRepository(String owner, String repository, int issues) {
        String fullName = owner + "/" + repository;
        if (issues < 0) {
            throw new IllegalArgumentException("issues must not be negative: " + issues);
        }
        boolean named = ISSUES.matcher("/repos/" + fullName + "/issues").matches();
        if (!named || find(owner, repository).isPresent()) {
            throw new IllegalArgumentException("repository must be a name that is not taken: " + fullName);
        }
        Repository fresh = new Repository(repositories + added.size() + 1, owner, repository, issues);
        added.add(fresh);
        changed.put(fullName, fresh);
    }

    @Override
    FakeRepositories with(Faults<Answer> faults) {
        return new FakeRepositories(repositories, issuesEach, resultWall, answers, faults);
    }

    @Override
    synchronized void fill(Answer answer, Asked asked) {
        Matcher issues = ISSUES.matcher(asked.path());
        if (!asked.is("GET") && !asked.is("HEAD")) {
            answer.failJson(405, message("Method Not Allowed"));
        } else if (asked.path().equals("/user/repos")) {
            query(answer, asked).ifPresent(query -> page(answer, asked, query, repositories(query)));
        } else if (issues.matches()) {
            issues(answer, asked, issues.group(1), issues.group(2));
        } else {
            answer.failJson(404, message("Not Found"));
        }
    }

    private void issues(Answer answer, Asked asked, String owner, String name) {
        Integer status = answers.get(owner + "/" + name);
        Optional<Repository> repository = find(owner, name);
        if (status != null) {
            answer.failJson(status, message("status " + status));
        } else if (repository.isEmpty()) {
            answer.failJson(404, message("Not Found"));
        } else {
            query(answer, asked).ifPresent(query -> issues(answer, asked, query, repository.get()));
        }
    }

    private void issues(Answer answer, Asked asked, Repository.Query query, Repository repository) {
        long left = resultWall - query.skipped();
        if (left <= 0) {
            answer.failJson(422, message("Only the first " + resultWall + " results are available"));
            return;
        }
        Repository.Found found = repository.issues(query);
        int most = (int) Math.min(left, found.items().size());
        page(answer, asked, query, new Repository.Found(found.items().subList(0, most), found.total()));
    }

    private static void page(Answer answer, Asked asked, Repository.Query query, Repository.Found found) {
        int last = (int) Math.max(1, (found.total() + query.size() - 1L) / query.size());
        NextLink.absolute()
                .header(
                        query.page(),
                        last,
                        page -> new NextLink.Target(asked.origin(), asked.rawWith("page", Integer.toString(page))))
                .ifPresent(link -> answer.headers.set("Link", link));
        answer.json(JsonText.array(found.items()));
    }

    private static Optional<Repository.Query> query(Answer answer, Asked asked) {
        try {
            return Optional.of(new Repository.Query(
                    asked.parameter("since").map(FakeRepositories::time).orElse(null),
                    asked.parameter("until").map(FakeRepositories::time).orElse(null),
                    asked.parameter("sort").filter("updated"::equals).isPresent(),
                    Math.max(1, asked.number("page", 1)),
                    Math.max(1, Math.min(MOST_ON_PAGE, asked.number("per_page", 30)))));
        } catch (DateTimeException e) {
            answer.failJson(422, message("since and until must be times in ISO 8601"));
            return Optional.empty();
        }
    }

    private static Instant time(String text) {
        return Instant.parse(text.contains("T") ? text : text + "T00:00:00Z");
    }

    private Repository.Found repositories(Repository.Query query) {
        Stream<Repository> all = Stream.concat(
                        IntStream.rangeClosed(1, repositories).mapToObj(this::numbered), added.stream())
                .filter(repository -> query.covers(repository.updated()));
        List<Repository> found =
                (query.byTime() ? all.sorted(Comparator.comparing(Repository::updated)) : all).toList();
        List<String> items = found.stream()
                .skip(query.skipped())
                .limit(query.size())
                .map(Repository::json)
                .toList();
        return new Repository.Found(items, found.size());
    }

    private Repository numbered(int number) {
        String name = "r" + number;
        Repository known = changed.get(OWNER + "/" + name);
        return known == null ? new Repository(number, OWNER, name, issuesEach) : known;
    }

    private Optional<Repository> find(String owner, String name) {
        Matcher number = NAME.matcher(name);
        if (owner.equals(OWNER) && number.matches() && Integer.parseInt(number.group(1)) <= repositories) {
            return Optional.of(numbered(Integer.parseInt(number.group(1))));
        }
        return Optional.ofNullable(changed.get(owner + "/" + name));
    }

    private Repository toChange(String owner, String name) {
        Repository repository = find(owner, name)
                .orElseThrow(() ->
                        new IllegalArgumentException("repository must be one that is there: " + owner + "/" + name));
        changed.put(owner + "/" + name, repository);
        return repository;
    }

    private static String message(String text) {
        return "{\"message\":" + JsonText.quoted(text) + "}";
    }
}
