package dev.headrace.examples;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.capability.Capability;
import dev.headrace.capability.CapabilityContext;
import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.CapabilityRequest;
import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.Credentials;
import dev.headrace.capability.Description;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.cli.HeadraceCli;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.examples.IdentityContracts.Account;
import dev.headrace.examples.IdentityContracts.Accounts;
import dev.headrace.examples.IdentityContracts.Done;
import dev.headrace.examples.IdentityContracts.ListAccounts;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.json.SchemaField;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.stream.RecordStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * One integration that runs in three ways: as a library, as a command and over HTTP. It brings the system that it connects to along, so that all
 * of it can be tried on one machine.
 */
public final class MockConnector {

    /** What callers say besides whose call it is. */
    record Settings(
            @SchemaField(title = "Domain", description = "Ends every mail address") @Nullable
            String domain) {}

    /** The standard arguments, and one of this integration's own. */
    static final class ListMockAccounts extends ListAccounts {

        @JsonProperty("status")
        private @Nullable String status;

        @Nullable
        String status() {
            return status;
        }
    }

    private record User(int id, String first, String last, String status) {}

    private record UserPage(List<User> users, @Nullable String next) {}

    private MockConnector() {}

    /** The integration. Its connector is made once, and shared by all calls. */
    static Integration integration(Connector directory) {
        return Integration.builder("mock-connector")
                .version("1.0.0")
                .description(Description.of("Mock Connector").text("Accounts of a directory that is made up"))
                .credentials(Credentials.Basic.class)
                .settings(Settings.class)
                .contracts(IdentityContracts.ALL)
                .capability(Capability.of(
                                "list_accounts",
                                ListMockAccounts.class,
                                Accounts.class,
                                (request, context) -> listAccounts(directory, request, context))
                        .description("Accounts, page by page"))
                .capability(
                        "validate_credentials",
                        ListAccounts.class,
                        Done.class,
                        (request, context) -> context.connector(directory)
                                .fetch(Request.get("/users").query("limit", 1), UserPage.class)
                                .map(page -> CapabilityResponse.of(new Done(true))))
                .connector(directory)
                .stream(RecordStream.of(
                                "users",
                                Endpoint.get("/users")
                                        .query("limit", 10)
                                        .paginate(Pagination.cursor("/next", Placement.query("after")))
                                        .items("/users", JsonNode.class))
                        .key("/id"))
                .onError(
                        HttpStatusException.class,
                        (failure, error) -> Mono.just(
                                failure.status() == 423 ? error.code(ErrorCode.custom("directory_locked")) : error))
                .errorCodes(ErrorCode.custom("directory_locked"))
                .build();
    }

    private static Mono<CapabilityResponse<Accounts>> listAccounts(
            Connector directory, CapabilityRequest<ListMockAccounts> request, CapabilityContext context) {
        String status = request.input().status();
        if (status != null && !List.of("active", "suspended").contains(status)) {
            return Mono.error(CapabilityException.of(
                    ErrorCode.UNKNOWN_VALUE, "'status' is neither active nor suspended; leave it out for both"));
        }
        String domain = context.settings(Settings.class).domain();
        Integer size = request.page().size();
        Request users = Request.get("/users").query("limit", size == null ? 10 : size);
        String after = request.page().token();
        return context.connector(directory)
                .fetch(after == null ? users : users.query("after", after), UserPage.class)
                .map(page -> CapabilityResponse.of(new Accounts(page.users().stream()
                                .filter(user -> status == null || user.status().equals(status))
                                .map(user -> account(user, domain == null ? "example.com" : domain))
                                .toList()))
                        .next(page.next()));
    }

    private static Account account(User user, String domain) {
        return new Account(
                "u" + user.id(),
                user.first().toLowerCase(Locale.ROOT) + user.id() + "@" + domain,
                user.first(),
                user.last(),
                user.status());
    }

    /**
     * The integration as a command, which can {@code serve} as well.
     *
     * @param args such as {@code list_accounts --json {…}}
     */
    public static void main(String[] args) {
        // Both end with the process: the command ends it.
        MockDirectory directory = MockDirectory.start();
        HeadraceCli.run(integration(Connector.builder(directory.url()).build()), args);
    }
}
