package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong with any document, on every API that has pages. */
class FaultyRouteTest {

    private record Case(FaultyRoute<?> api, String method, String uri, String body) {

        Case(FaultyRoute<?> api, String uri) {
            this(api, "GET", uri, "");
        }

        HttpResponse<String> ask(TestServer server) throws IOException, InterruptedException {
            return Client.send(method, server.uri(uri), body);
        }

        @Override
        public String toString() {
            return api.getClass().getSimpleName();
        }
    }

    static Stream<Case> apis() {
        return Stream.of(
                new Case(FakeApi.linkHeader("/issues", FakeApi.issues(3)), "/issues"),
                new Case(FakeRepositories.of(1, 3), "/repos/o/r1/issues"),
                new Case(FakeStripe.list("/v1/customers", FakeStripe.customers(3)), "/v1/customers"),
                new Case(FakeSlack.method("users.list", "members", List.of("1", "2", "3")), "/api/users.list"),
                new Case(FakeSalesforce.query(FakeSalesforce.contacts(3)), "/services/data/v63.0/query?q=SELECT+Id"),
                new Case(FakeElasticsearch.index("logs", FakeElasticsearch.hits(3)), "POST", "/logs/_search", "{}"),
                new Case(FakeHubSpot.objects("contacts", FakeHubSpot.contacts(3)), "/crm/v3/objects/contacts"),
                new Case(FakeShopify.list("products", FakeShopify.products(3)), "/admin/api/2024-10/products.json"),
                new Case(
                        FakeShopifyGraphQl.connection("products", FakeShopify.products(3)),
                        "POST",
                        "/admin/api/2024-10/graphql.json",
                        "{}"),
                new Case(FakeGraph.collection("/v1.0/users", FakeGraph.users(3)), "/v1.0/users"),
                new Case(
                        FakeRelay.connection(List.of("repository", "issues"), FakeApi.issues(3)),
                        "POST",
                        "/graphql",
                        "{}"),
                new Case(FakeCalendar.events(FakeCalendar.meetings(3)), "/calendar/v3/calendars/c/events"));
    }

    @ParameterizedTest
    @MethodSource("apis")
    void answersWithAnErrorDocumentOfOnesOwn(Case asking) throws Exception {
        String problem = "{\"type\":\"about:blank\",\"title\":\"Unprocessable\"}";
        FaultyRoute<?> failing =
                asking.api().failing(422, "application/problem+json", problem).once();
        try (TestServer server = failing.start()) {
            HttpResponse<String> bad = asking.ask(server);
            assertThat(bad.statusCode()).isEqualTo(422);
            assertThat(bad.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(bad.body()).isEqualTo(problem);
            assertThat(asking.ask(server).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void answersWithAnotherStatusOnTheRequestItWasToldTo(Case asking) throws Exception {
        FaultyRoute<?> failing = asking.api()
                .failing(503)
                .header("Retry-After", "7")
                .onRequest(2)
                .once();
        try (TestServer server = failing.start()) {
            HttpResponse<String> good = asking.ask(server);
            assertThat(good.statusCode()).isEqualTo(200);
            assertThat(good.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
            assertThat(JsonText.read(good.body()).isEmpty()).isFalse();
            HttpResponse<String> failed = asking.ask(server);
            assertThat(failed.statusCode()).isEqualTo(503);
            assertThat(failed.headers().firstValue("Retry-After")).hasValue("7");
            assertThat(asking.ask(server).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void saysTheSameInAnotherShape(Case asking) throws Exception {
        try (TestServer plain = asking.api().start();
                TestServer marked = asking.api().markingByteOrder().always().start();
                TestServer claimed = asking.api().claiming("text/html").always().start();
                TestServer zipped = asking.api()
                        .gzipping()
                        .always()
                        .markingByteOrder()
                        .always()
                        .start();
                TestServer other =
                        asking.api().answering("text/html", "<html>").always().start()) {
            String body = normal(asking.ask(plain).body());
            assertThat(normal(asking.ask(marked).body())).isEqualTo("\uFEFF" + body);
            HttpResponse<String> html = asking.ask(claimed);
            assertThat(html.headers().allValues("Content-Type")).containsExactly("text/html");
            assertThat(normal(html.body())).isEqualTo(body);
            assertThat(asking.ask(other).body()).isEqualTo("<html>");
            assertThat(asking.ask(zipped).headers().firstValue("Content-Encoding"))
                    .hasValue("gzip");
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void compressesTheWholeBody(Case asking) throws Exception {
        FaultyRoute<?> gzipping = asking.api().gzipping().always();
        try (TestServer plain = asking.api().start();
                TestServer zipped = gzipping.start()) {
            byte[] packed = Client.sendForBytes(asking.method(), zipped.uri(asking.uri()), asking.body())
                    .body();
            String unpacked = new String(
                    new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(normal(unpacked)).isEqualTo(normal(asking.ask(plain).body()));
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void cutsTheBodyInEveryFraming(Case asking) throws Exception {
        FaultyRoute<?> framed = asking.api().truncating().onRequest(1).once();
        FaultyRoute<?> cut = framed.truncatingChunks()
                .onRequest(2)
                .once()
                .truncatingUnframed()
                .onRequest(3)
                .once();
        try (TestServer server = cut.start()) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> asking.ask(server));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> asking.ask(server));
            HttpResponse<String> unframed = asking.ask(server);
            assertThat(unframed.body()).isNotEmpty();
            assertThat(JsonText.read(unframed.body()).isEmpty()).isTrue();
            assertThat(JsonText.read(asking.ask(server).body()).isEmpty()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void dropsAndDelays(Case asking) throws Exception {
        FaultyRoute<?> dropping = asking.api().dropping().onRequest(1).once();
        Duration delay = Duration.ofMillis(50);
        try (TestServer server = dropping.delaying(delay).onRequest(2).once().start()) {
            String request = asking.method() + " " + asking.uri() + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
                    + asking.body().length() + "\r\n\r\n" + asking.body();
            assertThat(Client.exchange(server, request)).isEmpty();
            long before = System.nanoTime();
            assertThat(asking.ask(server).statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(delay.minusMillis(5));
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void stallsInTheMiddle(Case asking) throws Exception {
        try (TestServer server = asking.api().stalling().always().start()) {
            String request = asking.method() + " " + asking.uri() + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
                    + asking.body().length() + "\r\n\r\n" + asking.body();
            String got = Client.exchangeUntilSilence(server, request);
            assertThat(got).doesNotEndWith("<closed>");
            String body = got.substring(got.indexOf("\r\n\r\n") + 4);
            assertThat(body).isNotEmpty();
            assertThat(JsonText.read(body).isEmpty()).isTrue();
        }
    }

    /** Without what differs from answer to answer: the port, and what is left of a budget. */
    private static String normal(String body) {
        return body.replaceAll("127\\.0\\.0\\.1:\\d+", "host").replaceAll("\"currentlyAvailable\":\\d+", "");
    }
}
