package dev.headrace.benchmarks;

import io.netty.handler.ssl.OpenSsl;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to download, in a process of its own.
 *
 * @param name what it is called in the table
 * @param flags its Java process gets besides the usual ones
 * @param preparation makes its client
 */
record Downloader(String name, List<String> flags, Preparation preparation) {

    /** Netty takes OpenSSL or BoringSSL wherever it finds them. */
    private static final String JDK_TLS = "-Dio.netty.handler.ssl.noOpenSsl=true";

    /** Makes a client, which is not measured, for the downloads, which are. */
    @FunctionalInterface
    interface Preparation {

        /**
         * Makes it.
         *
         * @param source the file
         * @param certificate in PEM, of the server; null if it speaks without TLS
         */
        Fetch prepare(URI source, @Nullable Path certificate) throws Exception;
    }

    static Downloader of(String name, Preparation preparation) {
        return new Downloader(name, List.of(), preparation);
    }

    Downloader withJdkTls() {
        return new Downloader(name + ", TLS of the JDK", List.of(JDK_TLS), preparation);
    }

    /** Fails where Netty would quietly take the JDK's TLS instead. */
    Downloader withTcnative() {
        return new Downloader(name + ", tcnative", List.of(), (source, certificate) -> {
            OpenSsl.ensureAvailability();
            return preparation.prepare(source, certificate);
        });
    }
}
