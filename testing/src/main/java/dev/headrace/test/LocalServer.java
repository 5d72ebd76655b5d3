package dev.headrace.test;

import io.netty.channel.Channel;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/**
 * A server running on this machine, and what it has seen so far.
 *
 * <p>All counts are kept since the start and may be read from any thread. The methods that wait, and {@link #close()},
 * block and belong on the thread of the test.
 */
public abstract sealed class LocalServer implements AutoCloseable permits TestServer, RawServer {

    static final String HOST = "127.0.0.1";

    private final DisposableServer listener;
    private final Traffic traffic;
    private final @Nullable TestCertificate certificate;

    LocalServer(DisposableServer listener, Traffic traffic, @Nullable TestCertificate certificate) {
        this.listener = listener;
        this.traffic = traffic;
        this.certificate = certificate;
    }

    /** Event loops of all servers, apart from those of the clients under test; daemon threads. */
    static LoopResources eventLoops() {
        return EventLoops.SHARED;
    }

    /**
     * The address of this server, without a trailing slash.
     *
     * @return for example {@code http://127.0.0.1:40123}
     */
    public final String url() {
        return (certificate == null ? "http" : "https") + "://" + HOST + ":" + port();
    }

    /**
     * The address of a path on this server.
     *
     * @param path begins with a slash; may carry a query
     * @return for example {@code http://127.0.0.1:40123/events}
     */
    public final URI uri(String path) {
        return URI.create(url() + path);
    }

    /**
     * The address of this server.
     *
     * @return for example {@code http://127.0.0.1:40123}
     */
    public final URI uri() {
        return URI.create(url());
    }

    /**
     * The port listened on.
     *
     * @return between 1 and 65535
     */
    public final int port() {
        return listener.port();
    }

    /**
     * All requests whose head has arrived, in that order, answered or not.
     *
     * @return a snapshot
     */
    public final List<RecordedRequest> requests() {
        return traffic.requests();
    }

    /**
     * Those of {@link #requests()} that asked for one path.
     *
     * @param path decoded, without the query, for example {@code /token}
     * @return a snapshot
     */
    public final List<RecordedRequest> requests(String path) {
        return requests().stream()
                .filter(request -> request.path().equals(path))
                .toList();
    }

    /**
     * Waits for requests.
     *
     * @param count how many must have arrived
     * @param atMost how long to wait
     * @return all requests so far
     * @throws org.awaitility.core.ConditionTimeoutException if fewer arrived in that time
     */
    public final List<RecordedRequest> awaitRequests(int count, Duration atMost) {
        Awaitility.await(count + " requests")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(atMost)
                .until(() -> requests().size() >= count);
        return requests();
    }

    /**
     * How many connections were accepted since the start.
     *
     * @return connections, open or closed
     */
    public final int connectionsAccepted() {
        return traffic.accepted();
    }

    /**
     * How many connections are open now.
     *
     * @return connections
     */
    public final int openConnections() {
        return traffic.open().size();
    }

    /**
     * Waits until no connection is open, as after a client's cancel.
     *
     * @param atMost how long to wait
     * @throws org.awaitility.core.ConditionTimeoutException if one is still open then
     */
    public final void awaitNoOpenConnections(Duration atMost) {
        Awaitility.await("no open connection")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(atMost)
                .until(() -> openConnections() == 0);
    }

    /**
     * How many bytes the sockets of this server have taken, heads and framing (and TLS records) included.
     *
     * <p>Bytes wait in the kernel's buffers of both sides before a client reads them: several megabytes on loopback,
     * less with {@link TestServer.Builder#sendBuffer}. What waits inside this server is not counted.
     *
     * @return bytes
     */
    public final long bytesSent() {
        return traffic.bytesSent();
    }

    /**
     * The certificate a client must trust.
     *
     * @return self-signed, for {@code 127.0.0.1} and {@code localhost}
     * @throws IllegalStateException if this server speaks without TLS
     */
    public final X509Certificate certificate() {
        return tls().x509();
    }

    /**
     * The certificate a client must trust, as text.
     *
     * @return PEM (RFC 7468)
     * @throws IllegalStateException if this server speaks without TLS
     */
    public final String certificatePem() {
        return tls().pem();
    }

    /**
     * A client's TLS settings that trust this server and nobody else.
     *
     * @return for {@code java.net.http.HttpClient} and the like
     * @throws IllegalStateException if this server speaks without TLS
     */
    public final SSLContext trustingContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {tls().trustManager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS on this platform", e);
        }
    }

    /** Stops listening and closes all connections at once. Closing twice does no harm. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // awaited by the count of open connections
    public final void close() {
        listener.disposeNow(Duration.ofSeconds(5));
        traffic.open().forEach(Channel::close);
        awaitNoOpenConnections(Duration.ofSeconds(5));
    }

    private TestCertificate tls() {
        if (certificate == null) {
            throw new IllegalStateException("this server was started without tls()");
        }
        return certificate;
    }

    private static final class EventLoops {
        static final LoopResources SHARED = LoopResources.create("headrace-test", 1, 2, true);
    }
}
