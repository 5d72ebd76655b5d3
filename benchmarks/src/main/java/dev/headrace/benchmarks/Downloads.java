package dev.headrace.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files from a web server on this machine to its disk, by curl, by clients for Java, and by a blocking socket. {@code downloads.sh}
 * makes the files, starts the server and calls this; both stay out of the contestants' processes and figures.
 */
public final class Downloads {

    static final String SOCKET = "blocking socket";

    private static final String HEADRACE = "Headrace";

    private static final Downloader OURS = Downloader.of(HEADRACE, HeadraceDownload::prepare);

    private static final List<Downloader> PEERS = List.of(
            Downloader.of("WebClient, DataBufferUtils.write", WebClientDownload::prepare),
            Downloader.of("JDK HttpClient, ofFile", JdkDownload::prepare),
            Downloader.of("OkHttp, Okio", OkHttpDownload::prepare));

    /** Those that take part without TLS. */
    static final List<Downloader> PLAIN = all(List.of(Downloader.of(SOCKET, SocketDownload::prepare), OURS), PEERS);

    /** Those that take part with TLS; WebClient has tcnative too, for it is there. */
    static final List<Downloader> TLS = all(List.of(OURS.withTcnative(), OURS.withJdkTls()), PEERS);

    private Downloads() {}

    /**
     * Compares.
     *
     * @param args none, and properties as {@code downloads.sh} sets them; or what a contestant is told
     * @throws Exception if a file cannot be read
     */
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            ForkedDownloads.run(all(PLAIN, TLS), args);
            return;
        }
        int rounds = Integer.parseInt(setting("rounds"));
        Duration limit = Duration.ofSeconds(Long.parseLong(setting("limit")));
        Pattern only = Pattern.compile(setting("only").toLowerCase(Locale.ROOT));
        boolean right = true;
        for (DownloadRace race : List.of(large(), small(), encrypted())) {
            right &= new DownloadComparison(race, Path.of(setting("written")), rounds, limit, only).run();
        }
        System.out.printf(
                "%nNot measured: what the journal costs, for nothing switches it off; downloads.sh -j counts its writes.%n");
        System.exit(right ? 0 : 1);
    }

    private static DownloadRace large() throws IOException {
        return new DownloadRace(
                "Plain HTTP",
                URI.create(setting("plain") + "/large.bin"),
                null,
                served("large.bin"),
                Files.size(served("large.bin")),
                0,
                2,
                contestants(PLAIN),
                List.of(
                        speed(1.8, HEADRACE, Curl.NAME),
                        speed(0.75, HEADRACE, SOCKET),
                        DownloadTarget.atMost(
                                1.0,
                                "Headrace: CPU for each GiB, at most 1.0 x curl",
                                results -> results.ratio(HEADRACE, Curl.NAME, DownloadFigures::cpu)),
                        DownloadTarget.atMost(
                                160,
                                "Headrace: peak RSS, at most 160 MiB",
                                results -> results.median(HEADRACE, DownloadFigures::resident))));
    }

    /** Small files are over before a compiler has begun: these processes are warmed up with more of them. */
    private static DownloadRace small() throws IOException {
        return new DownloadRace(
                "Plain HTTP, a small file, warm",
                URI.create(setting("plain") + "/small.bin"),
                null,
                served("small.bin"),
                Files.size(served("small.bin")),
                7,
                8,
                contestants(PLAIN),
                List.of(speed(1.5, HEADRACE, Curl.NAME)));
    }

    private static DownloadRace encrypted() throws IOException {
        return new DownloadRace(
                "TLS 1.3",
                URI.create(setting("tls") + "/medium.bin"),
                Path.of(setting("certificate")),
                served("medium.bin"),
                Files.size(served("medium.bin")),
                0,
                2,
                contestants(TLS),
                List.of(
                        speed(0.9, TLS.get(0).name(), Curl.NAME),
                        speed(0.9, TLS.get(1).name(), Curl.NAME)));
    }

    private static List<DownloadContestant> contestants(List<Downloader> downloaders) {
        return Stream.concat(
                        Stream.of(new Curl()),
                        downloaders.stream().map(downloader -> new ForkedDownloads(downloader, setting("heap"))))
                .toList();
    }

    private static List<Downloader> all(List<Downloader> some, List<Downloader> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private static DownloadTarget speed(double bound, String contestant, String other) {
        return DownloadTarget.atLeast(
                bound,
                contestant + ": at least " + bound + " x " + other,
                results -> results.ratio(contestant, other, DownloadFigures::written));
    }

    private static Path served(String name) {
        return Path.of(setting("served"), name);
    }

    private static String setting(String name) {
        return Objects.requireNonNull(System.getProperty(name), () -> "-D" + name + " is missing; see downloads.sh");
    }
}
