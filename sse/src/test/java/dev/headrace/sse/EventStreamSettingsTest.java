package dev.headrace.sse;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.headrace.connector.Connector;
import dev.headrace.http.Body;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.http.Timeouts;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What can be set, what it asks of the transport, and what is refused at once. */
class EventStreamSettingsTest {

    private final PlayedServer server = new PlayedServer(PlayedServer.status(204));

    @Test
    void asksForAConnectionOfItsOwnWithoutRetriesAndGapTimeout() {
        StepVerifier.create(server.stream().events()).verifyComplete();

        ExchangeOptions options = server.requests().get(0).options();
        assertThat(options.profile()).isEqualTo(ExchangeOptions.Profile.EVENTS);
        assertThat(options.retry()).isFalse();
        assertThat(options.timeoutsOver(Timeouts.defaults()).gap()).isZero();
    }

    @Test
    void keepsTheOtherTimeoutsOfRequestAndConnectorBesideTheIdleTimeout() {
        Request request =
                Request.get("/events").options(options -> options.timeouts(clocks -> clocks.head(ofSeconds(7))));
        try (Connector connector = Connector.builder("http://played.test")
                .timeouts(Timeouts.defaults().connect(ofSeconds(3)))
                .interceptor(server)
                .build()) {
            StepVerifier.create(EventStream.from(connector, request)
                            .idleTimeout(ofSeconds(45))
                            .events())
                    .verifyComplete();
        }

        assertThat(server.requests().get(0).options().timeoutsOver(Timeouts.defaults()))
                .isEqualTo(Timeouts.defaults()
                        .connect(ofSeconds(3))
                        .head(ofSeconds(7))
                        .gap(ofSeconds(45)));
    }

    // L20, L52, L63: what a feed is read with is a value to keep, and what a call sets wins.
    @Test
    void changesAreNewStreamsThatKeepTheOtherSettings() {
        EventStream first = server.stream(Request.post("/answers")).lastEventId("1");
        EventStream second = first.reconnect(ReconnectPolicy.defaults())
                .limits(EventLimits.defaults().event(10));

        assertThat(first)
                .hasToString(
                        "EventStream[POST /answers, ReconnectPolicy[no limit, from 1000 ms to 30000 ms], once an id is"
                                + " known, block()]");
        assertThat(second)
                .hasToString(
                        "EventStream[POST /answers, ReconnectPolicy[no limit, from 1000 ms to 30000 ms], block()]");
        StepVerifier.create(second.events()).verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("1");
    }

    @Test
    void printsNoSecret() {
        EventStream stream = server.stream(Request.get("/events").query("session", Secret.of("hush")));

        assertThat(stream.toString()).doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u0000b"})
    void refusesAnIdThatNoEventCanHave(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.stream().lastEventId(id))
                .withMessageContaining("lastEventId");
    }

    @Test
    void refusesToReconnectWithABodyThatCanBeSentOnlyOnce() {
        EventStream once = server.stream(Request.post("/answers").body(Body.stream(Flux.empty(), "application/json")));

        assertThatIllegalArgumentException().isThrownBy(() -> once.reconnect(ReconnectPolicy.defaults()));
        StepVerifier.create(once.reconnect(ReconnectPolicy.never()).events()).verifyComplete();
    }

    @Test
    void refusesTimesAndLimitsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.stream().idleTimeout(Duration.ZERO))
                .withMessageContaining("idleTimeout");
        assertThatIllegalArgumentException().isThrownBy(() -> server.stream().idleTimeout(ofMillis(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.stream().limits(EventLimits.defaults().event(0)))
                .withMessageContaining("event must be");
    }

    @Test
    void refusesToRequireACompletionThatNobodyDescribed() {
        assertThatIllegalStateException().isThrownBy(() -> server.stream().requireCompletion());
    }
}
