package dev.headrace.examples;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.capability.CapabilityContract;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What connectors of identity systems have in common: the names of their capabilities, and what some of them take and give. An integration
 * that declares these contracts cannot have a {@code list_accounts} of its own kind by mistake.
 */
public final class IdentityContracts {

    /** All names that are in use; those without a contract here have none yet. */
    public static final List<String> NAMES = List.of(
            "activate_account",
            "assign_entitlement",
            "create_account",
            "deactivate_account",
            "delete_account",
            "find_entitlement_associations",
            "get_authorization_url",
            "get_last_activity",
            "handle_authorization_callback",
            "list_accounts",
            "list_custom_attributes_schema",
            "list_entitlements",
            "list_resources",
            "refresh_access_token",
            "unassign_entitlement",
            "validate_credentials");

    /** Accounts, page by page. */
    public static final CapabilityContract<ListAccounts, Accounts> LIST_ACCOUNTS =
            new CapabilityContract<>("list_accounts", ListAccounts.class, Accounts.class);

    /** One account that must not be used any more. */
    public static final CapabilityContract<AccountId, Done> DEACTIVATE_ACCOUNT =
            new CapabilityContract<>("deactivate_account", AccountId.class, Done.class);

    /** Whether the credentials are any good. */
    public static final CapabilityContract<ListAccounts, Done> VALIDATE_CREDENTIALS =
            new CapabilityContract<>("validate_credentials", ListAccounts.class, Done.class);

    /** All contracts. */
    public static final List<CapabilityContract<?, ?>> ALL =
            List.of(LIST_ACCOUNTS, DEACTIVATE_ACCOUNT, VALIDATE_CREDENTIALS);

    private IdentityContracts() {}

    /** Which accounts; a class, so that integrations may extend it with arguments of their own. */
    public static class ListAccounts {

        /** All accounts. */
        public ListAccounts() {}
    }

    /**
     * One account.
     *
     * @param accountId the system's own id of it
     */
    public record AccountId(
            @JsonProperty(value = "account_id", required = true)
            String accountId) {}

    /**
     * Accounts of one page.
     *
     * @param accounts in the system's order
     */
    public record Accounts(List<Account> accounts) {}

    /**
     * Somebody who may use the system.
     *
     * @param id the system's own id of the account
     * @param email where to write to
     * @param givenName the first of the names
     * @param familyName the last of the names
     * @param status such as {@code active}
     */
    public record Account(
            @JsonProperty("integration_specific_id") String id,
            String email,
            @JsonProperty("given_name") @Nullable String givenName,
            @JsonProperty("family_name") @Nullable String familyName,
            String status) {}

    /**
     * That it has been done.
     *
     * @param success always true; what fails is an error
     */
    public record Done(boolean success) {}
}
