package dev.headrace.capability;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who calls a capability, or reads the streams of an integration. */
public final class CapabilityContext {

    /** Key in the Reactor {@code Context} of the request's id, a string, while a capability works. */
    public static final String REQUEST_ID = "headrace.requestId";

    private final String integration;
    private final String capability;
    private final Map<String, Credentials> credentials;
    private final @Nullable Object settings;
    private final @Nullable String requestId;
    private final @Nullable RawRecorder recorder;

    CapabilityContext(
            String integration,
            String capability,
            Map<String, Credentials> credentials,
            @Nullable Object settings,
            @Nullable String requestId,
            @Nullable RawRecorder recorder) {
        this.integration = integration;
        this.capability = capability;
        this.credentials = credentials;
        this.settings = settings;
        this.requestId = requestId;
        this.recorder = recorder;
    }

    /**
     * The integration's id.
     *
     * @return such as {@code acme}
     */
    public String integration() {
        return integration;
    }

    /**
     * What is being done.
     *
     * @return the capability's name, or {@code read} for streams
     */
    public String capability() {
        return capability;
    }

    /**
     * What the caller calls this request by.
     *
     * @return the id, if there is one
     */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /**
     * The caller's credentials, where there are exactly one.
     *
     * @return the credentials
     * @throws IllegalStateException if the integration takes none, or the caller gave several
     */
    public Credentials credentials() {
        if (credentials.size() != 1) {
            throw new IllegalStateException(
                    credentials.isEmpty()
                            ? "The integration '" + integration + "' was given no credentials; declare those it takes"
                            : "The integration '" + integration + "' was given the credentials " + credentials.keySet()
                                    + "; say which");
        }
        return credentials.values().iterator().next();
    }

    /**
     * The caller's credentials, where there are exactly one, as what the integration declared.
     *
     * @param type their class
     * @param <C> their type
     * @return the credentials
     * @throws IllegalStateException if there are none, several, or those of another class
     */
    public <C extends Credentials> C credentials(Class<C> type) {
        Credentials given = credentials();
        if (!type.isInstance(given)) {
            throw new IllegalStateException("The integration '" + integration + "' takes credentials of the model '"
                    + given.model() + "', not " + type.getSimpleName());
        }
        return type.cast(given);
    }

    /**
     * The caller's credentials of one id.
     *
     * @param id what the integration calls them
     * @return the credentials; empty if they are optional and were not given
     */
    public Optional<Credentials> credentials(String id) {
        return Optional.ofNullable(credentials.get(id));
    }

    /**
     * The integration's settings.
     *
     * @param type the class of settings that the integration declared
     * @param <S> their type
     * @return the settings
     * @throws IllegalStateException if it declared none, or another class
     */
    public <S> S settings(Class<S> type) {
        if (!type.isInstance(settings)) {
            throw new IllegalStateException("The integration '" + integration + "' has "
                    + (settings == null
                            ? "no settings"
                            : "settings of " + settings.getClass().getName())
                    + ", not of " + type.getName());
        }
        return type.cast(settings);
    }

    /**
     * A connector for this call: signed by the caller's credentials where they alone are enough to sign with, and recorded if raw data is
     * wanted. It shares pool, limits and breakers with the one it is made from, and need not be closed.
     *
     * @param api the connector of the remote, made once for all calls
     * @return a variant of it
     * @throws IllegalStateException if several credentials were given; {@link #connector(Connector, String)} says which
     */
    public Connector connector(Connector api) {
        return credentials.isEmpty() ? recording(api) : signed(api, credentials());
    }

    /**
     * The same, signed by the credentials of one id.
     *
     * @param api the connector of the remote
     * @param id which credentials
     * @return a variant of it
     * @throws IllegalStateException if they were not given
     */
    public Connector connector(Connector api, String id) {
        return signed(
                api,
                credentials(id)
                        .orElseThrow(() -> new IllegalStateException(
                                "The integration '" + integration + "' was given no credentials '" + id + "'")));
    }

    /**
     * A connector for this call with its own credentials, recorded if raw data is wanted.
     *
     * @param api the connector of the remote
     * @return a variant of it; it need not be closed
     */
    public Connector recording(Connector api) {
        return recorded(api.mutate()).build();
    }

    private Connector signed(Connector api, Credentials by) {
        Connector.Builder variant = recorded(api.mutate());
        Optional<Auth> auth = by.auth();
        return auth.map(variant::auth).orElse(variant).build();
    }

    private Connector.Builder recorded(Connector.Builder connector) {
        return recorder == null ? connector : connector.callInterceptor(recorder);
    }

    @Override
    public String toString() {
        return "CapabilityContext[" + integration + ":" + capability + "]";
    }
}
