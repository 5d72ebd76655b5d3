package dev.headrace.examples;

import dev.headrace.capability.Capability;
import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.Credentials;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.cli.HeadraceCli;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.server.CapabilityServer;
import dev.headrace.server.RunningServer;
import dev.headrace.stream.RecordStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The listings of the guide to integrations. */
final class IntegrationListings {

    record ListUsers(@Nullable String status) {}

    record User(String id, String name) {}

    record Users(List<User> users) {}

    record UserPage(List<User> users, @Nullable String next) {}

    record Settings(@Nullable String domain) {}

    private IntegrationListings() {}

    static Capability<ListUsers, Users> listUsers(Connector api) {
        return Capability.of("list_users", ListUsers.class, Users.class, (request, context) -> {
            Request users = Request.get("/users");
            String after = request.page().token();
            return context.connector(api) // signed by the caller's credentials, on the pool of all callers
                    .fetch(after == null ? users : users.query("after", after), UserPage.class)
                    .map(page -> CapabilityResponse.of(new Users(page.users())).next(page.next()));
        });
    }

    static Integration acme(Connector api) {
        return Integration.builder("acme")
                .version("1.0.0")
                .credentials(Credentials.Basic.class)
                .settings(Settings.class)
                .capability(listUsers(api))
                .build();
    }

    static Mono<String> called(Integration acme, String document) {
        Mono<String> answer = acme.dispatch("list_users", document);
        return answer;
    }

    static Integration.Builder withErrors(Integration.Builder acme) {
        return acme.onError(HttpStatusException.class, (failure, error) -> {
                    boolean locked = failure.status() == 423;
                    return Mono.just(locked ? error.code(ErrorCode.custom("locked")) : error);
                })
                .errorCodes(ErrorCode.custom("locked")); // callers find it in the info
    }

    static Integration.Builder withStreams(Integration.Builder acme, Connector api) {
        Endpoint<JsonNode> users = Endpoint.get("/users")
                .paginate(Pagination.cursor("/next", Placement.query("after")))
                .items("/users", JsonNode.class);
        return acme.connector(api).stream(RecordStream.of("users", users));
    }

    static RunningServer served(Integration acme) {
        RunningServer server = CapabilityServer.bind(acme, 8000);
        return server;
    }

    private static Connector api() {
        return Connector.builder("https://api.example.com").build();
    }

    public static void main(String[] args) {
        HeadraceCli.run(acme(api()), args);
    }
}
