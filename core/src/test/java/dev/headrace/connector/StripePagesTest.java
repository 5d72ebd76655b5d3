package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpStatusException;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeStripe;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages that begin after the last item of the one before, as Stripe has them. Rows A17, A19, A40, L58. */
class StripePagesTest {

    private static final Duration SOON = ofSeconds(10);

    record Customer(String id, long created) {}

    private static final Pagination AFTER_LAST =
            Pagination.lastItem("/id", Placement.query("starting_after")).pageSize("limit", 10);

    private static final Endpoint<Customer> CUSTOMERS = Endpoint.get("/v1/customers")
            .paginate(AFTER_LAST.whileTrue("/has_more"))
            .items("/data", Customer.class);

    @ParameterizedTest(name = "{0} customers are {1} pages")
    @CsvSource({"0, 1", "9, 1", "10, 1", "11, 2", "20, 2", "25, 3"})
    void readsNoFurtherThanHasMoreSays(int customers, int requests) {
        try (TestServer server = api(customers).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector, CUSTOMERS)).isEqualTo(newestFirst(customers));
            assertThat(server.requests()).hasSize(requests);
        }
    }

    @Test
    void sendsTheLastIdInPlaceOfTheOneBefore() {
        try (TestServer server = api(25).start();
                Connector connector = Connector.builder(server.url()).build()) {
            ids(connector, CUSTOMERS);

            assertThat(server.requests())
                    .extracting(request -> request.query().get("starting_after"))
                    .containsExactly(null, List.of("cus_016"), List.of("cus_006"));
            assertThat(server.requests())
                    .allSatisfy(request -> assertThat(request.query("limit")).contains("10"));
        }
    }

    @Test
    void needsAnEmptyPageToEndWhenNothingElseSaysIt() {
        try (TestServer server = api(20).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector, CUSTOMERS.paginate(AFTER_LAST))).isEqualTo(newestFirst(20));
            assertThat(server.requests()).hasSize(3);
        }
    }

    @ParameterizedTest(name = "{0} customers are taken from {1} pages")
    @CsvSource({"1, 1", "10, 1", "11, 2"})
    void takesFromAsManyPagesAsNeeded(int demand, int requests) {
        try (TestServer server = api(25).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(connector.records(CUSTOMERS).take(demand).count().block(SOON))
                    .isEqualTo(demand);
            assertThat(server.requests()).hasSize(requests);
        }
    }

    @Test
    void losesNothingWhenCustomersComeWhileItReads() {
        try (TestServer server = api(25).inserting("{\"id\":\"cus_new\",\"created\":1}")
                        .onRequest(2)
                        .once()
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector, CUSTOMERS)).isEqualTo(newestFirst(25));
        }
    }

    @Test
    void saysOnWhichPageTheCursorWasGone() {
        try (TestServer server = api(25).deletingCursor().onRequest(3).once().start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<String> reading = Reading.of(connector.records(CUSTOMERS).map(Customer::id));

            assertThat(reading.records()).isEqualTo(newestFirst(25).subList(0, 20));
            assertThat(reading.failure())
                    .isInstanceOfSatisfying(HttpStatusException.class, gone -> {
                        assertThat(gone.status()).isEqualTo(400);
                        assertThat(gone.kind()).isEqualTo(FailureKind.PERMANENT);
                    })
                    .hasMessageContaining("No such object: 'cus_006'");
            assertThat(reading.stop().page()).isEqualTo(3);
            assertThat(server.requests()).hasSize(3);

            // The token leads to where the failure was: the object is gone for good.
            Reading<String> again = Reading.of(
                    connector.records(CUSTOMERS.from(reading.token())).map(Customer::id));
            assertThat(again.records()).isEmpty();
            assertThat(again.stop().page()).isEqualTo(3);
        }
    }

    @Test
    void readsOnBehindTheLastCustomerOnceTheServerIsBack() {
        try (TestServer server = api(25).failing(500).onRequest(2).once().start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .build()) {
            Reading<String> before = Reading.of(connector.records(CUSTOMERS).map(Customer::id));
            Reading<String> after =
                    Reading.of(connector.records(CUSTOMERS.from(before.token())).map(Customer::id));

            assertThat(before.records()).isEqualTo(newestFirst(25).subList(0, 10));
            assertThat(after.records()).isEqualTo(newestFirst(25).subList(10, 25));
            assertThat(after.failure()).isNull();
        }
    }

    @Test
    void repeatsAPageThatWasTooFast() {
        try (TestServer server =
                        api(25).limiting("global-rate").onRequest(2).times(2).start();
                Connector connector = stripe(server)) {
            assertThat(ids(connector, CUSTOMERS)).isEqualTo(newestFirst(25));
            assertThat(server.requests()).hasSize(3 + 1);
        }
    }

    @Test
    void doesNotRepeatAPageWhenTheServerAdvisesAgainstIt() {
        try (TestServer server = api(25).failing(503)
                        .header("Stripe-Should-Retry", "false")
                        .onRequest(2)
                        .once()
                        .start();
                Connector connector = stripe(server)) {
            Reading<Customer> reading = Reading.of(connector.records(CUSTOMERS));

            assertThat(reading.records()).hasSize(10);
            assertThat(reading.stop().page()).isEqualTo(2);
            assertThat(server.requests()).hasSize(2);
        }
    }

    private static FakeStripe api(int customers) {
        return FakeStripe.list("/v1/customers", FakeStripe.customers(customers));
    }

    private static Connector stripe(TestServer server) {
        return Connector.builder(server.url())
                .errors(ErrorRules.stripe())
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }

    private static List<String> ids(Connector connector, Endpoint<Customer> customers) {
        return connector
                .records(customers)
                .map(Customer::id)
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static List<String> newestFirst(int customers) {
        return IntStream.range(0, customers)
                .mapToObj(n -> "cus_%03d".formatted(customers - n))
                .toList();
    }
}
