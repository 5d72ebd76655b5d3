package dev.headrace.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Files from a web server on this machine to its disk, by curl, by clients for Java, and by a blocking socket. */
public final class Downloads {

    static final String SOCKET = "blocking socket";

    static final Downloader OURS = Downloader.of("headrace", HeadraceDownload::prepare);

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
     * Takes a contestant's turn.
     *
     * @param args what {@link ForkedDownloads} tells it
     */
    public static void main(String[] args) {
        ForkedDownloads.run(all(PLAIN, TLS), args);
    }

    static List<Suite> suites() {
        return List.of(
                new DownloadSuite(
                        "downloads",
                        "A large file to disk, plain HTTP",
                        DownloadSuite.Size.of(2048, 0, 2),
                        false,
                        PLAIN,
                        List.of(
                                atLeast(1.8, OURS.name(), DownloadSuite.SPEED_TO_CURL),
                                atLeast(0.75, OURS.name(), DownloadSuite.SPEED_TO_SOCKET),
                                atMost(1.0, OURS.name(), DownloadSuite.CPU_TO_CURL),
                                atMost(160, OURS.name(), DownloadSuite.RESIDENT))),
                // Small files are over before a compiler has begun: these processes are warmed up with more of them.
                new DownloadSuite(
                        "downloads-warm",
                        "Small files to disk in a warm process, plain HTTP",
                        DownloadSuite.Size.of(64, 7, 8),
                        false,
                        PLAIN,
                        List.of(atLeast(1.5, OURS.name(), DownloadSuite.SPEED_TO_CURL))),
                new DownloadSuite(
                        "downloads-tls",
                        "A file to disk with TLS 1.3",
                        DownloadSuite.Size.of(512, 0, 2),
                        true,
                        TLS,
                        List.of(
                                atLeast(0.9, TLS.get(0).name(), DownloadSuite.SPEED_TO_CURL),
                                atLeast(0.9, TLS.get(1).name(), DownloadSuite.SPEED_TO_CURL))));
    }

    /** Where files are served from and written to: a real disk. */
    static Path directory() {
        return Path.of(Objects.requireNonNullElse(System.getProperty("disk"), "."))
                .toAbsolutePath()
                .normalize();
    }

    private static Goal atLeast(double least, String contestant, String column) {
        return Goal.atLeast(
                "speed, " + column + ": " + contestant, true, least, result -> result.figure(contestant, column));
    }

    private static Goal atMost(double most, String contestant, String column) {
        return new Goal(column + ": " + contestant, true, result -> result.figure(contestant, column), most);
    }

    private static List<Downloader> all(List<Downloader> some, List<Downloader> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
