package dev.headrace.capability;

import dev.headrace.auth.Auth;
import dev.headrace.http.Secret;
import java.util.Optional;

/** Whose call it is. */
public sealed interface Credentials {

    /**
     * The name of this kind of credentials.
     *
     * @return such as {@code basic}
     */
    String model();

    /**
     * How requests are signed.
     *
     * @return empty if more is needed
     */
    Optional<Auth> auth();

    /**
     * A name and a password.
     *
     * @param username the name
     * @param password the password
     */
    record Basic(String username, Secret password) implements Credentials {

        @Override
        public String model() {
            return "basic";
        }

        @Override
        public Optional<Auth> auth() {
            return Optional.of(Auth.basic(username, password));
        }
    }
}
