package dev.headrace.examples;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.http.TlsSettings;
import java.nio.file.Path;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The listings of the guide to security. */
final class SecurityListings {

    private SecurityListings() {}

    static Connector trusting() {
        Connector api = Connector.builder("https://api.example.com")
                .auth(Auth.bearer(Secret.environment("API_TOKEN")))
                .origins(OriginPolicy.sameOrigin().allow("https://eu.example.com")) // credentials go there too
                .build();
        return api;
    }

    static OriginPolicy stripping() {
        return OriginPolicy.sameOrigin().strip();
    }

    static Connector noRedirects() {
        Connector api = Connector.builder("https://api.example.com")
                .maxRedirects(0) // a redirect is an answer like any other
                .build();
        return api;
    }

    static void secrets(Mono<Secret> vault) {
        Secret fromEnvironment = Secret.environment("API_TOKEN"); // an error that names the variable, if it is not set
        Secret fromFile = Secret.file(Path.of("/run/secrets/api-token")); // blocks while it reads
        Auth rotated = Auth.bearer(Secret.readEachTime(Path.of("/run/secrets/api-token")));
        Auth fromVault = Auth.apiKey("X-API-Key", vault); // subscribed to for every attempt
        use(fromEnvironment, fromFile, rotated, fromVault);
    }

    private static void use(Object... all) {
        System.out.println(all.length);
    }

    static Request marked(Secret code) {
        return Request.post("/login")
                .header("X-Vendor-Pin", code) // a Secret, so masked whatever the header is called
                .query("pin", code)
                .json(Map.of("answer", "42"))
                .options(options -> options.confidential(true)); // no body of this in the wire log
    }

    static String printable(String received) {
        return Redactor.text(received); // for your own log lines about what a remote sent
    }

    static Connector ownAuthority(Secret password) {
        Connector internal = Connector.builder("https://internal.example.com")
                .tls(TlsSettings.trust(Path.of("ca.pem"))
                        .clientCertificate(Path.of("client.p12"), password)
                        .protocols("TLSv1.3"))
                .build();
        return internal;
    }
}
