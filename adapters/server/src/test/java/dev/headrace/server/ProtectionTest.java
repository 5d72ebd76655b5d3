package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.http.Secret;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class ProtectionTest {

    private static final CapabilityServer SERVER =
            CapabilityServer.of(Acme.integration()).port(0);

    private static HttpRequest.Builder call(RunningServer server) {
        return new HttpCaller(server)
                .anonymous("/say_again")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"request\":{\"text\":\"x\"}}"));
    }

    private static int status(HttpRequest.Builder request) {
        return HttpCaller.send(request).statusCode();
    }

    @Test
    void makesATokenOfItsOwnAndLetsNobodyElseIn() {
        try (RunningServer server = Acme.started(SERVER)) {
            String token = server.token().reveal();

            assertThat(token).matches("[A-Za-z0-9_-]{43}");
            assertThat(status(call(server))).isEqualTo(401);
            assertThat(status(call(server).header("Authorization", "Bearer " + token)))
                    .isEqualTo(200);
            assertThat(status(call(server).header("authorization", "bearer  " + token)))
                    .isEqualTo(200);
        }
    }

    @Test
    void makesAnotherTokenAtEachStart() {
        try (RunningServer one = Acme.started(SERVER);
                RunningServer other = Acme.started(SERVER)) {
            assertThat(one.token()).isNotEqualTo(other.token());
        }
    }

    @Test
    void answersAsRfc6750Says() {
        try (RunningServer server = Acme.started(SERVER)) {
            HttpResponse<String> none = HttpCaller.send(call(server));
            HttpResponse<String> wrong = HttpCaller.send(call(server).header("Authorization", "Bearer wrong"));

            assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"acme\"");
            assertThat(wrong.headers().firstValue("WWW-Authenticate"))
                    .hasValue("Bearer realm=\"acme\", error=\"invalid_token\"");
            assertThat(HttpCaller.error(wrong)).isEqualTo("acme.unauthorized in acme:server");
            assertThat(wrong.body())
                    .doesNotContain("wrong")
                    .doesNotContain(server.token().reveal());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer t0ken-of-the-test", "t0ken-of-the-tests"})
    void refusesWhatIsNotTheToken(String authorization) {
        try (RunningServer server = Acme.serving(Acme.integration())) {
            assertThat(status(call(server).header("Authorization", authorization)))
                    .isEqualTo(401);
        }
    }

    @Test
    void takesAnyOfSeveralKeys() {
        CapabilityServer several =
                SERVER.bearer(Secret.of("old")).bearer(Secret.of("new")).apiKey("X-Key", Secret.of("third"));
        try (RunningServer server = Acme.started(several)) {
            assertThat(server.token()).isEqualTo(Secret.of("old"));
            assertThat(status(call(server).header("Authorization", "Bearer old")))
                    .isEqualTo(200);
            assertThat(status(call(server).header("Authorization", "Bearer new")))
                    .isEqualTo(200);
            assertThat(status(call(server).header("x-key", "third"))).isEqualTo(200);
            assertThat(status(call(server).header("X-Key", "old"))).isEqualTo(401);
        }
    }

    @Test
    void makesNoTokenBesidesAnApiKey() {
        try (RunningServer server = Acme.started(SERVER.apiKey("X-Key", Secret.of("k")))) {
            assertThatThrownBy(server::token).isInstanceOf(IllegalStateException.class);
            assertThat(HttpCaller.send(call(server)).headers().firstValue("WWW-Authenticate"))
                    .hasValue("ApiKey realm=\"acme\", header=\"X-Key\"");
        }
    }

    @Test
    void letsEveryoneInWhenToldTo() {
        try (RunningServer server = Acme.started(SERVER.bearer(Secret.of("x")).unprotected())) {
            assertThat(status(call(server))).isEqualTo(200);
            assertThatThrownBy(server::token).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void doesNotTellStrangersWhatIsThere() {
        try (RunningServer server = Acme.started(SERVER)) {
            HttpCaller caller = new HttpCaller(server);
            for (String path : new String[] {"/info", "/openapi.json", "/stats", "/nothing", "/"}) {
                assertThat(status(caller.anonymous(path))).as(path).isEqualTo(401);
            }
        }
    }

    @Test
    void doesNotReadTheBodyOfAStranger() {
        AtomicInteger calls = new AtomicInteger();
        try (RunningServer server = Acme.started(CapabilityServer.of(
                                Acme.doing(Mono.fromSupplier(() -> new Acme.Said("call " + calls.incrementAndGet()))))
                        .port(0));
                RawCaller raw = new RawCaller(server)) {
            String answer = raw.say(String.join(
                            "\r\n",
                            "POST /work HTTP/1.1",
                            "Host: h",
                            "Content-Type: application/json",
                            "Content-Length: 1000",
                            "",
                            ""))
                    .hear();

            assertThat(answer).startsWith("HTTP/1.1 401 ").containsIgnoringCase("connection: close");
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void keepsSecretsOutOfItsTexts() {
        CapabilityServer server = SERVER.bearer(Secret.of("very-secret")).apiKey("X-Key", Secret.of("as-secret"));

        assertThat(server.toString()).isEqualTo("CapabilityServer[acme on 127.0.0.1:0]");
        assertThat(Protection.DEFAULT.bearer(Secret.of("very-secret")).toString())
                .doesNotContain("very-secret");
        try (RunningServer running = Acme.started(server)) {
            assertThat(running.toString()).isEqualTo("RunningServer[" + running.uri() + "]");
        }
    }

    @Test
    void refusesAHeaderThatIsNone() {
        assertThatThrownBy(() -> SERVER.apiKey("X Key", Secret.of("k")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X Key");
    }
}
