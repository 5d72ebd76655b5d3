package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class RouteTest {

    private static Route text(String text) {
        return Route.fixed(200, "text/plain", text);
    }

    @Test
    void routesInOrderTakeTurnsAndTheLastStays() throws Exception {
        try (TestServer server =
                Route.inOrder(text("one"), text("two"), text("three")).start()) {
            assertThat(Client.get(server.uri("/")).body()).isEqualTo("one");
            assertThat(Client.get(server.uri("/")).body()).isEqualTo("two");
            assertThat(Client.get(server.uri("/")).body()).isEqualTo("three");
            assertThat(Client.get(server.uri("/")).body()).isEqualTo("three");
        }
    }

    @Test
    void aRouteThatIsNamedTwiceKeepsWhatItRemembers() throws Exception {
        FakeApi api =
                FakeApi.linkHeader(FakeApi.issues(1)).failing(503).onRequest(2).once();
        try (TestServer server = Route.inOrder(api, text("between"), api).start()) {
            assertThat(Client.get(server.uri("/")).statusCode()).isEqualTo(200);
            assertThat(Client.get(server.uri("/")).body()).isEqualTo("between");
            assertThat(Client.get(server.uri("/")).statusCode()).isEqualTo(503);
            assertThat(Client.get(server.uri("/")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void routesInOrderMustBeSome() {
        assertThatIllegalArgumentException().isThrownBy(Route::inOrder);
    }

    @Test
    void aHeaderIsAddedToWhatTheRouteSends() throws Exception {
        Route limited = Route.fixed(429, "application/json", "{}")
                .header("Retry-After", "1")
                .header("X-Limit", "10")
                .header("X-Limit", "20");
        try (TestServer server = limited.start()) {
            var response = Client.get(server.uri("/"));

            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(response.headers().allValues("X-Limit")).containsExactlyInAnyOrder("10", "20");
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(response.body()).isEqualTo("{}");
        }
    }

    @Test
    void whoHangsUpSaysNothing() throws Exception {
        try (TestServer server = Route.hangingUp().start()) {
            assertThatThrownBy(() -> Client.send("POST", server.uri("/"), "body"))
                    .isInstanceOf(IOException.class);

            assertThat(server.requests()).isNotEmpty();
        }
    }
}
