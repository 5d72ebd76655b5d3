package dev.headrace.transfer;

import static dev.headrace.transfer.TusSite.content;
import static dev.headrace.transfer.TusSite.failureOf;
import static dev.headrace.transfer.TusSite.file;
import static dev.headrace.transfer.TusSite.journal;
import static dev.headrace.transfer.TusSite.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.test.FakeTusServer;
import dev.headrace.test.Fault;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that say what cannot be true, or what must not be done. */
class MisbehavingTusServerTest {

    /** More than a connection that is cut after a little can have taken. */
    private static final int SIZE = 30_000_000;

    @TempDir
    private Path directory;

    private final byte[] content = content(SIZE);
    private Path file = Path.of("");

    @BeforeEach
    void write() {
        file = file(directory, content);
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie("beyond what was sent", tus -> tus.claimingOffset(SIZE), "of at most"),
                lie("beyond the end", tus -> tus.claimingOffset(SIZE + 1), "of at most"),
                lie("no offset", tus -> tus.failingHead(200), "no Upload-Offset"),
                lie("no number", tus -> tus.failingHead(200).header("Upload-Offset", "-7"), "no Upload-Offset"),
                lie("another length", tus -> tus.claimingLength(SIZE + 1), "has 30000001 bytes"));
    }

    private static Arguments lie(String name, Function<FakeTusServer, Fault<FakeTusServer>> fault, String message) {
        return Arguments.of(name, fault, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void refusesAnUploadWhoseStateCannotBe(
            String name, Function<FakeTusServer, Fault<FakeTusServer>> lie, String message) {
        FakeTusServer tus = lie.apply(
                        FakeTusServer.create().losingPatch(100_000).onRequest(1).once())
                .always();
        try (TusSite site = TusSite.of(tus)) {
            Throwable failure = failureOf(site.upload(file));

            assertThat(failure).isInstanceOf(UploadOffsetException.class).hasMessageContaining(message);
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD");
            assertThat(journal(file)).exists();
        }
    }

    @Test
    void refusesAnOffsetThatShrinks() {
        FakeTusServer tus = FakeTusServer.create()
                .failingPatch(503)
                .onRequest(2)
                .once()
                .claimingOffset(999_999)
                .always();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file).chunkSize(1_000_000)))
                    .isInstanceOf(UploadOffsetException.class)
                    .hasMessageContaining("had 1000000 bytes and says that it has 999999");
        }
    }

    @Test
    void refusesAnOffsetBeyondWhatWasSentInTheAnswerToAPatch() {
        FakeTusServer tus =
                FakeTusServer.create().claimingPatchOffset(SIZE).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file).chunkSize(1_000_000))).isInstanceOf(UploadOffsetException.class);
        }
    }

    @Test
    void asksWhenTheAnswerToAPatchDoesNotSayHowMuchCame() {
        FakeTusServer tus = FakeTusServer.create()
                .claimingPatchOffset(0)
                .header("Upload-Offset", "many")
                .onRequest(1)
                .once();
        try (TusSite site = TusSite.of(tus)) {
            run(site.upload(file));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "HEAD");
        }
    }

    @Test
    void refusesAnOffsetBeyondWhatAnEarlierRunCanHaveSent() {
        FakeTusServer tus = FakeTusServer.create()
                .losingPatch(100_000)
                .onRequest(1)
                .once()
                .claimingOffset(SIZE)
                .always();
        try (TusSite site = TusSite.of(tus)) {
            failureOf(site.upload(file).maxRetries(0));

            assertThat(failureOf(site.upload(file)))
                    .isInstanceOf(UploadOffsetException.class)
                    .hasMessageContaining("of at most");
        }
    }

    @Test
    void needsToKnowWhereItsUploadIs() {
        try (TusSite site = TusSite.of(FakeTusServer.create().hidingLocation().always())) {
            assertThat(failureOf(site.upload(file)))
                    .isInstanceOf(UploadRefusedException.class)
                    .hasMessageContaining("no Location");
            assertThat(site.requests("POST")).hasSize(1);
            assertThat(journal(file)).doesNotExist();
        }
    }

    @Test
    void refusesAnUploadOnAnotherOrigin() {
        try (TestServer other = FakeTusServer.create().start();
                TusSite site = TusSite.of(
                        FakeTusServer.create().locatingBelow(other.url()).always())) {
            Throwable failure = failureOf(site.upload(file));

            assertThat(failure).isInstanceOf(UploadRefusedException.class).hasMessageContaining("another origin");
            assertThat(other.connectionsAccepted()).isZero();
        }
    }

    @Test
    void showsNoSecretOfALocationItRefuses() {
        FakeTusServer tus = FakeTusServer.create()
                .locatingBelow("https://user:pass-word@other.example?token=geheim&x=")
                .always();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file)))
                    .hasMessageContaining("another origin")
                    .hasMessageNotContaining("geheim")
                    .hasMessageNotContaining("pass-word");
        }
        FakeTusServer broken =
                FakeTusServer.create().locatingBelow("http://[geheim").always();
        try (TusSite site = TusSite.of(broken)) {
            assertThat(failureOf(site.upload(file)))
                    .isInstanceOf(UploadRefusedException.class)
                    .hasMessageNotContaining("geheim");
        }
    }

    @Test
    void givesItsCredentialsToAnAllowedOriginOnly() {
        assertThat(authorizationAt(origins -> OriginPolicy.sameOrigin().allow(origins)))
                .hasValue("Bearer geheim");
        assertThat(authorizationAt(origins -> OriginPolicy.sameOrigin().strip()))
                .isEmpty();
    }

    /** What the server that has the upload gets to see. */
    private Optional<String> authorizationAt(Function<String, OriginPolicy> policy) {
        FakeTusServer there = FakeTusServer.create();
        try (TestServer other = there.start()) {
            // Another upload by the path that the first server will name.
            FakeTusServer here =
                    FakeTusServer.create().locatingBelow(other.url() + "/x").always();
            UnaryOperator<Connector.Builder> change =
                    builder -> builder.auth(Auth.bearer(Secret.of("geheim"))).origins(policy.apply(other.url()));
            try (TusSite elsewhere = TusSite.of(here, change)) {
                createAt(other);
                run(elsewhere.upload(file));

                assertThat(there.onlyUpload().bytes()).isEqualTo(content);
                RecordedRequest patch = other.requests().get(other.requests().size() - 1);
                return patch.header("Authorization");
            }
        }
    }

    private void createAt(TestServer other) {
        try (Connector direct = Connector.builder(other.url()).build()) {
            direct.exchange(Request.post("/x")
                            .header("Tus-Resumable", "1.0.0")
                            .header("Upload-Length", Integer.toString(SIZE)))
                    .block(TusSite.LONG);
        }
    }
}
