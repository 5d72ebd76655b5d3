package dev.headrace.spec;

import dev.headrace.http.Secret;

/**
 * Where the secrets come from that a spec names by <code>${secret:NAME}</code>. They are asked for when a request needs
 * them, never when a spec is read or checked.
 */
@FunctionalInterface
public interface SecretSource {

    /**
     * The secret of a name. Called for every request that needs it, on the thread that subscribes or an event loop, so
     * it must not block.
     *
     * @param name as it stands in the spec
     * @return the secret
     * @throws dev.headrace.error.HeadraceException if there is none; its message must not hold any other
     */
    Secret get(String name);

    /**
     * Environment variables of the same name: the default.
     *
     * @return the source; a variable that is not set or empty is a failure of kind CONFIGURATION
     */
    static SecretSource environment() {
        return Secret::environment;
    }
}
