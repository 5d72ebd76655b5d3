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
    private final boolean severalCredentials;
    private final @Nullable Object settings;
    private final @Nullable String requestId;
    private final @Nullable RawRecorder recorder;

    CapabilityContext(
            String integration,
            String capability,
            Map<String, Credentials> credentials,
            boolean severalCredentials,
            @Nullable Object settings,
            @Nullable String requestId,
            @Nullable RawRecorder recorder) {
        this.integration = integration;
        this.capability = capability;
        this.credentials = credentials;
        this.severalCredentials = severalCredentials;
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
     * The caller's credentials, where the integration takes one kind of them.
     *
     * @return the credentials
     * @throws IllegalStateException if the integration takes none, or several by their ids, or if the capability is one
     *     {@linkplain Capability#withoutCredentials() without}
     */
    public Credentials credentials() {
        Credentials only = credentials.get(CapabilityRequest.ONLY);
        if (only == null) {
            throw new IllegalStateException(
                    severalCredentials
                            ? "The integration '" + integration + "' takes several credentials; say by their id which"
                            : integration + ":" + capability + " takes no credentials; declare those it takes");
        }
        return only;
    }

    /**
     * The caller's credentials, where the integration takes one kind of them, as what it declared.
     *
     * @param type their class
     * @param <C> their type
     * @return the credentials
     * @throws IllegalStateException as {@link #credentials()}, and if they are of another class
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
     * A connector for this call: signed by the caller's credentials, and recorded if raw data is wanted. It shares pool, limits and breakers with
     * the one it is made from, and need not be closed. Where the integration or the capability takes no credentials, it is signed as the other.
     *
     * @param api the connector of the remote, made once for all calls
     * @return a variant of it
     * @throws IllegalStateException if the integration takes several credentials ({@link #connector(Connector, String)} says which), or such that
     *     are not enough to sign with ({@link #recording(Connector)} of one that has an {@code Auth} made of them)
     */
    public Connector connector(Connector api) {
        return !severalCredentials && credentials.isEmpty() ? recording(api) : signed(api, credentials());
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
        Auth auth = by.auth()
                .orElseThrow(() -> new IllegalStateException("Credentials of the model '" + by.model()
                        + "' are not enough to sign with; make an Auth of them, and record a connector that has it"));
        return recorded(api.mutate()).auth(auth).build();
    }

    private Connector.Builder recorded(Connector.Builder connector) {
        return recorder == null ? connector : connector.callInterceptor(recorder);
    }

    @Override
    public String toString() {
        return "CapabilityContext[" + integration + ":" + capability + "]";
    }
}
