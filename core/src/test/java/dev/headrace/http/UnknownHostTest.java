package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A name that does not exist is a mistake; name servers that have trouble are none of the user's, and may come back. */
class UnknownHostTest {

    /** As Netty's resolver names it. */
    private static final class DnsNameResolverTimeoutException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** As Netty's resolver names it. */
    private static final class DnsNameResolverException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static HeadraceException translated(@Nullable Throwable cause) {
        UnknownHostException unknown = new UnknownHostException("Failed to resolve 'api.test'");
        if (cause != null) {
            unknown.initCause(cause);
        }
        Request request = Request.get("https://api.test/x");
        return (HeadraceException) new FailureTranslation(
                        request, Timeouts.defaults(), PoolSettings.defaults(), ProxySettings.none(), false)
                .translate(unknown);
    }

    @Test
    void mayBeKnownLaterWhenNameServersHaveTrouble() {
        HeadraceException failure = translated(new IllegalStateException("Query failed with SERVFAIL"));

        assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
        assertThat(failure).hasMessageContaining("no name server answered for the host api.test");
    }

    @Test
    void mayBeKnownLaterWhenNoNameServerCouldBeAsked() {
        assertThat(translated(new DnsNameResolverException()).kind()).isEqualTo(FailureKind.TRANSIENT);
    }

    @Test
    void mayBeKnownLaterWhenNoNameServerAnswers() {
        assertThat(translated(new DnsNameResolverTimeoutException()).kind()).isEqualTo(FailureKind.TRANSIENT);
    }

    @Test
    void isAMistakeWhenANameServerSaysSo() {
        HeadraceException failure =
                translated(new IllegalStateException("No answer found and NXDOMAIN response code returned"));

        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION);
        assertThat(failure).hasMessageContaining("the host api.test is not known");
        assertThat(translated(null).kind()).isEqualTo(FailureKind.CONFIGURATION);
    }
}
