package dev.headrace.capability;

import dev.headrace.connector.Connector;
import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * Typed operations of one remote, and its record streams, with the credentials and settings they take. The same integration is a library
 * ({@link #dispatch(String, String)}), a command ({@code HeadraceCli.run}) and a server ({@code CapabilityServer}). Immutable and safe for use
 * by several threads.
 *
 * <pre>{@code
 * Integration acme = Integration.builder("acme")
 *         .credentials(Credentials.Basic.class)
 *         .capability("list_accounts", ListAccounts.class, Accounts.class, (request, context) ->
 *                 context.connector(api).fetch(Request.get("/users"), Accounts.class).map(CapabilityResponse::of))
 *         .build();
 * acme.dispatch("list_accounts", "{\"auth\": {\"username\": …}, \"request\": {}}")
 * }</pre>
 *
 * <p>Schemas are derived from its classes when it is made, which takes time and needs {@code com.networknt:json-schema-validator} and
 * {@code com.github.victools:jsonschema-generator} with its module for Jackson on the class path, see
 * {@link dev.headrace.json.JsonSchema#derivedFrom}: make integrations when the program starts.
 */
public final class Integration {

    /**
     * Key in the Reactor {@code Context} of a {@code Consumer<Throwable>} that is told of each failure before it becomes an {@link Envelope}: for
     * a host that shows how one came about. It must not block or throw.
     */
    public static final String FAILURES = "headrace.failures";

    /** The capability that every integration has: what it can do. */
    static final String INFO = "info";

    private final String id;
    private final @Nullable String version;
    private final Description description;
    private final Map<String, Operation<?, ?>> operations;
    private final CredentialTypes credentials;
    private final @Nullable ObjectType<?> settings;
    private final @Nullable Source source;
    private final Failures failures;
    private final boolean handleErrors;
    private final JsonNode info;

    private Integration(Builder builder) {
        this.id = builder.id;
        this.version = builder.version;
        this.description = builder.description;
        this.operations = new TreeMap<>();
        builder.capabilities.forEach((name, capability) -> operations.put(name, Operation.of(capability)));
        this.credentials = builder.credentials;
        this.settings = builder.settings;
        this.failures = new Failures(id, builder.mappings);
        this.handleErrors = builder.handleErrors;
        this.source = builder.source == null ? builder.ownSource() : builder.source;
        this.info = InfoDocument.of(this, builder.errorCodes);
    }

    /** A capability, and how its input is read. */
    private record Operation<I, O>(Capability<I, O> capability, ObjectType<I> input) {

        static <I, O> Operation<I, O> of(Capability<I, O> capability) {
            return new Operation<>(capability, ObjectType.input(capability));
        }
    }

    /**
     * Begins an integration.
     *
     * @param id what it is called in commands, paths and error codes, such as {@code acme}: letters in lower case, digits, dashes and
     *     underscores, a letter first; white space around it does not count
     * @return a builder
     * @throws IllegalArgumentException if it is empty or written in another way
     */
    public static Builder builder(String id) {
        return new Builder(id);
    }

    /**
     * An integration that has the streams of a source and no capabilities.
     *
     * @param source the source; its name, in lower case and with dashes for what no id may have, is the id
     * @return the integration
     */
    public static Integration of(Source source) {
        return new Builder(Builder.idFrom(source.name())).source(source).build();
    }

    /**
     * What it is called.
     *
     * @return such as {@code acme}
     */
    public String id() {
        return id;
    }

    /**
     * Its version.
     *
     * @return the version, if it says one
     */
    public Optional<String> version() {
        return Optional.ofNullable(version);
    }

    /**
     * What it says about itself to people.
     *
     * @return the description
     */
    public Description description() {
        return description;
    }

    /**
     * What it can do.
     *
     * @return all capabilities, by their names
     */
    public List<Capability<?, ?>> capabilities() {
        return operations.values().stream()
                .<Capability<?, ?>>map(Operation::capability)
                .toList();
    }

    /**
     * Its record streams. Their configuration is {@code {"auth": …, "settings": …}} as the schemas in {@link #info()} have it, unless the
     * source was made elsewhere.
     *
     * @return the source, if it has streams
     */
    public Optional<Source> source() {
        return Optional.ofNullable(source);
    }

    CredentialTypes credentials() {
        return credentials;
    }

    Optional<ObjectType<?>> settings() {
        return Optional.ofNullable(settings);
    }

    /**
     * What it can do, as one document: capabilities in alphabetical order with JSON Schemas of what they take and give, those of credentials
     * and settings, streams, codes of errors, and the description.
     *
     * @return a copy
     */
    public JsonNode info() {
        return info.deepCopy();
    }

    /**
     * Its HTTP form, as OpenAPI 3.1.
     *
     * @return a new document
     */
    public JsonNode openApi() {
        return OpenApiDocument.of(this);
    }

    /**
     * Calls a capability by JSON.
     *
     * <p>Nothing happens before subscription, and each subscription is a call. Cancelling cancels what the capability does. The Reactor
     * {@code Context} of the subscriber is that of the capability.
     *
     * @param capability its name, or {@code info}
     * @param json {@code {"request": {…}, "auth": {…}, "settings": {…}, "page": {…}, "include_raw_data": false, "request_id": "…"}};
     *     what is not needed may be missing
     * @return the {@link Envelope} as JSON on one line; a failure is in it, and this errors only if the integration {@linkplain
     *     Builder#handleErrors does not handle errors}
     */
    public Mono<String> dispatch(String capability, String json) {
        return call(capability, () -> CallDocument.of(json), Json::writeText);
    }

    /**
     * Calls a capability by a document.
     *
     * @param capability its name, or {@code info}
     * @param document as for {@link #dispatch(String, String)}
     * @return the envelope, its answer as a tree
     */
    public Mono<Envelope<JsonNode>> dispatch(String capability, JsonNode document) {
        return call(capability, () -> CallDocument.of(document), Integration::asTree);
    }

    private static Envelope<JsonNode> asTree(Envelope<?> envelope) {
        Object response = envelope.response();
        return new Envelope<>(
                response == null ? null : Json.node(response), envelope.rawData(), envelope.page(), envelope.error());
    }

    /**
     * Calls a capability by its types. Credentials are checked as they are when they come as JSON; settings have to be of the right class, and
     * they and the input are taken as they are.
     *
     * @param capability one of this integration's
     * @param request what is asked for, with the credentials and settings that the integration takes
     * @param <I> the type of the input
     * @param <O> the type of the answer
     * @return the envelope
     * @throws IllegalArgumentException if the capability is not one of this integration
     */
    public <I, O> Mono<Envelope<O>> dispatch(Capability<I, O> capability, CapabilityRequest<I> request) {
        Operation<?, ?> operation = operations.get(capability.name());
        if (operation == null || !capability.equals(operation.capability())) {
            throw new IllegalArgumentException(capability + " is no capability of the integration '" + id + "'");
        }
        Objects.requireNonNull(request, "request");
        Mono<Envelope<O>> envelope = Mono.defer(() -> {
            if (capability.needsCredentials()) {
                credentials.check(request.credentials());
            }
            checkSettings(request.settings());
            return answer(capability, capability.needsCredentials() ? request : request.credentials(Map.of()));
        });
        return handled(envelope, capability.name(), () -> secretsOf(operation, request), Envelope::failed);
    }

    private List<Secret> secretsOf(Operation<?, ?> operation, CapabilityRequest<?> request) {
        List<Secret> secrets = new ArrayList<>(credentials.secrets(request.credentials()));
        SecretsBySchema.collect(operation.input().tree(), (Object) request.input(), secrets);
        if (settings != null) {
            SecretsBySchema.collect(settings.tree(), request.settings(), secrets);
        }
        return secrets;
    }

    private void checkSettings(@Nullable Object given) {
        if (settings != null && !settings.type().isInstance(given)) {
            throw BadRequest.because("The integration '" + id + "' needs settings of "
                    + settings.type().getSimpleName() + ", but "
                    + (given == null
                            ? "none were given"
                            : "those given are of " + given.getClass().getSimpleName()));
        }
    }

    private <R> Mono<R> call(
            String name, Supplier<CallDocument> document, Function<? super Envelope<?>, ? extends R> form) {
        return Mono.defer(() -> {
            List<Secret> secrets = new ArrayList<>();
            String meant = CapabilityName.meant(name);
            String shown = CapabilityName.shown(meant);
            Mono<R> formed = Mono.defer(() -> {
                        if (meant.equals(INFO)) {
                            return Mono.just(Envelope.of(CapabilityResponse.of(info())));
                        }
                        Operation<?, ?> operation = operations.get(meant);
                        if (operation == null) {
                            throw unknown(shown);
                        }
                        CallDocument call = document.get();
                        secrets.addAll(call.secrets(credentials, settings, operation.input()));
                        return answer(operation, call);
                    })
                    .map(form);
            return handled(formed, shown, () -> secrets, error -> form.apply(Envelope.failed(error)));
        });
    }

    private CapabilityException unknown(String name) {
        return CapabilityException.of(
                        ErrorCode.NOT_IMPLEMENTED,
                        "The integration '" + id + "' has no capability '" + name + "', but " + operations.keySet())
                .status(501);
    }

    private <I, O> Mono<Envelope<O>> answer(Operation<I, O> operation, CallDocument call) {
        Capability<I, O> capability = operation.capability();
        return answer(
                capability, call.request(capability.needsCredentials(), credentials, settings, operation.input()));
    }

    private <I, O> Mono<Envelope<O>> answer(Capability<I, O> capability, CapabilityRequest<I> request) {
        RawRecorder recorder = request.includesRaw() ? new RawRecorder() : null;
        CapabilityContext context = new CapabilityContext(
                id,
                capability.name(),
                request.credentials(),
                credentials.areSeveral(),
                request.settings(),
                request.requestId().orElse(null),
                recorder);
        Mono<CapabilityResponse<O>> handled = Mono.defer(() -> Objects.requireNonNull(
                capability.handler().handle(request, context), capability + " has returned no publisher"));
        // What was recorded is read and masked then, which may take longer than an event loop has.
        return (recorder == null ? handled : handled.publishOn(Schedulers.parallel()))
                .switchIfEmpty(Mono.error(() -> CapabilityException.of(
                        ErrorCode.INTERNAL_ERROR,
                        "The capability '" + capability.name() + "' has ended without an answer; that is a mistake in"
                                + " the integration")))
                .map(response -> Envelope.of(withRawData(response, recorder)))
                .contextWrite(written -> request.requestId()
                        .map(requestId -> written.put(CapabilityContext.REQUEST_ID, requestId))
                        .orElse(written));
    }

    /** Nobody gets raw data without having asked for it. */
    private static <O> CapabilityResponse<O> withRawData(
            CapabilityResponse<O> response, @Nullable RawRecorder recorder) {
        JsonNode raw = recorder == null ? null : response.rawData() == null ? recorder.recorded() : response.rawData();
        return new CapabilityResponse<>(response.response(), response.page(), raw);
    }

    private <R> Mono<R> handled(
            Mono<R> call,
            String name,
            Supplier<? extends Collection<Secret>> secrets,
            Function<CapabilityError, ? extends R> failed) {
        return handleErrors
                ? call.onErrorResume(failure -> Mono.deferContextual(context -> {
                    context.<Consumer<Throwable>>getOrEmpty(FAILURES).ifPresent(told -> told.accept(failure));
                    return failures.describe(failure, name, secrets.get()).map(failed);
                }))
                : call;
    }

    /**
     * What callers get to see of a failure: the default description, changed by the mappers. For adapters, which may fail outside of a
     * capability: while they read a stream, or before they call one.
     *
     * @param failure what happened
     * @param in what was being done: a capability's name, {@code read}, or what else callers would understand
     * @return the description; never fails
     */
    public Mono<CapabilityError> errorOf(Throwable failure, String in) {
        return failures.describe(failure, in, List.of());
    }

    /**
     * The same of a failure while streams were read or looked at, without any secret of their configuration.
     *
     * @param failure what happened
     * @param in what was being done
     * @param config the configuration, as it was given
     * @return the description; never fails
     */
    public Mono<CapabilityError> errorOf(Throwable failure, String in, JsonNode config) {
        return Mono.defer(() -> {
            List<Secret> secrets = new ArrayList<>();
            if (config.isObject()) {
                secrets.addAll(credentials.secrets(config));
                Optional.ofNullable(source)
                        .flatMap(Source::configSchema)
                        .ifPresent(schema -> SecretsBySchema.collect(schema.json(), config, secrets));
            }
            return failures.describe(failure, in, secrets);
        });
    }

    @Override
    public String toString() {
        return "Integration[" + id + ", " + operations.keySet() + (source == null ? "" : ", " + source) + "]";
    }

    /** Puts an {@link Integration} together. */
    public static final class Builder {

        private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_-]*");

        private final String id;
        private final Map<String, Capability<?, ?>> capabilities = new LinkedHashMap<>();
        private final Map<String, CapabilityContract<?, ?>> contracts = new LinkedHashMap<>();
        private final List<RecordStream<?>> streams = new ArrayList<>();
        private final List<IntegrationModule> modules = new ArrayList<>();
        private final List<Failures.Mapping<?>> mappings = new ArrayList<>();
        private final Set<ErrorCode> errorCodes = new LinkedHashSet<>();
        private Description description;
        private CredentialTypes credentials = CredentialTypes.NONE;
        private boolean handleErrors = true;
        private boolean addingModules;
        private boolean built;
        private @Nullable String version;
        private @Nullable ObjectType<?> settings;
        private @Nullable Function<? super CapabilityContext, Connector> connector;
        private @Nullable Source source;

        private Builder(String id) {
            this.id = id.strip();
            if (!ID.matcher(this.id).matches()) {
                throw new IllegalArgumentException("An integration's id is letters in lower case, digits, dashes and"
                        + " underscores, a letter first, but this is '" + this.id + "'");
            }
            this.description = Description.of(CapabilityName.inWords(this.id.replace('-', '_')));
        }

        private static String idFrom(String name) {
            String id = name.toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9_-]+", "-")
                    .replaceAll("^[^a-z]+|-+$", "");
            return id.isEmpty() ? "source" : id;
        }

        /**
         * Says the version.
         *
         * @param version such as {@code 1.4.0}; default: none
         * @return this
         */
        public Builder version(String version) {
            this.version = Objects.requireNonNull(version, "version");
            return this;
        }

        /**
         * Says what the integration is, for people.
         *
         * @param description default: its id in words
         * @return this
         */
        public Builder description(Description description) {
            this.description = Objects.requireNonNull(description, "description");
            return this;
        }

        /**
         * Says which credentials callers must give, as {@code auth}.
         *
         * @param type the kind of credentials; default: none
         * @return this
         * @throws IllegalArgumentException if others have been declared before
         */
        public Builder credentials(Class<? extends Credentials> type) {
            credentials = credentials.single(Objects.requireNonNull(type, "type"));
            return this;
        }

        /**
         * Adds credentials that callers must give, as one of the {@code credentials}, by their id.
         *
         * @param id what these credentials are called
         * @param type their kind
         * @return this
         * @throws IllegalArgumentException if there are some of this id, or those without one
         */
        public Builder credentials(String id, Class<? extends Credentials> type) {
            credentials = credentials.with(id, Objects.requireNonNull(type, "type"), false);
            return this;
        }

        /**
         * Adds credentials that callers may give.
         *
         * @param id what these credentials are called
         * @param type their kind
         * @return this
         * @throws IllegalArgumentException if there are some of this id, or those without one
         */
        public Builder optionalCredentials(String id, Class<? extends Credentials> type) {
            credentials = credentials.with(id, Objects.requireNonNull(type, "type"), true);
            return this;
        }

        /**
         * Says which settings callers give beside the credentials; they are checked before a capability is called.
         *
         * @param type a record or class; default: none
         * @return this
         * @throws IllegalArgumentException if nothing can be read as it
         */
        public Builder settings(Class<?> type) {
            this.settings = ObjectType.of(type);
            return this;
        }

        /**
         * Adds a capability.
         *
         * @param capability what it is
         * @return this
         * @throws IllegalArgumentException if there is one of its name
         */
        public Builder capability(Capability<?, ?> capability) {
            Capability<?, ?> before = capabilities.putIfAbsent(capability.name(), capability);
            if (before != null && !addingModules) {
                throw new IllegalArgumentException(
                        "The integration '" + id + "' has a capability '" + capability.name() + "' already");
            }
            return this;
        }

        /**
         * Adds a capability.
         *
         * @param name its name
         * @param input what it is asked with
         * @param output what it answers with
         * @param handler what it does
         * @param <I> the type of the input
         * @param <O> the type of the output
         * @return this
         * @throws IllegalArgumentException as {@link Capability#of} and {@link #capability(Capability)}
         */
        public <I, O> Builder capability(
                String name, Class<I> input, Class<O> output, CapabilityHandler<I, O> handler) {
            return capability(Capability.of(name, input, output, handler));
        }

        /**
         * Says what capabilities of some names have to take and give. Those that are missing are no mistake: calls to them are answered with
         * {@link ErrorCode#NOT_IMPLEMENTED}.
         *
         * @param contracts for each name at most one
         * @return this
         */
        public Builder contracts(Collection<? extends CapabilityContract<?, ?>> contracts) {
            contracts.forEach(contract -> this.contracts.put(contract.name(), contract));
            return this;
        }

        /**
         * Says which connector the streams are read with: {@linkplain CapabilityContext#connector(Connector) signed} by the credentials of the
         * configuration. It stays open.
         *
         * @param api the connector of the remote, as capabilities use it
         * @return this
         */
        public Builder connector(Connector api) {
            Objects.requireNonNull(api, "api");
            return connector(context -> context.connector(api));
        }

        /**
         * Says how the connector is made that the streams are read with, for each reading.
         *
         * @param connector given the credentials and settings of the configuration, which must not block. What it makes is closed when the
         *     reading ends: for one that stays open there is {@link #connector(Connector)}, or a variant made of it
         * @return this
         */
        public Builder connector(Function<? super CapabilityContext, Connector> connector) {
            this.connector = Objects.requireNonNull(connector, "connector");
            return this;
        }

        /**
         * Adds a record stream.
         *
         * @param stream read with the {@linkplain #connector connector}
         * @return this
         */
        public Builder stream(RecordStream<?> stream) {
            streams.add(Objects.requireNonNull(stream, "stream"));
            return this;
        }

        /**
         * Takes the streams of a source, which has a connector and a configuration of its own.
         *
         * @param source in place of streams that are added one by one
         * @return this
         */
        public Builder source(Source source) {
            this.source = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Adds a module.
         *
         * @param module what it has is added when the integration is made; capabilities that are here already stay
         * @return this
         */
        public Builder module(IntegrationModule module) {
            modules.add(Objects.requireNonNull(module, "module"));
            return this;
        }

        /**
         * Names codes of one's own, so that callers find them in the {@code info}.
         *
         * @param codes what errors may have besides the usual codes
         * @return this
         */
        public Builder errorCodes(ErrorCode... codes) {
            errorCodes.addAll(List.of(codes));
            return this;
        }

        /**
         * Adds a mapper for failures of a class. All that fit run, one behind the other, in the order in which they were added.
         *
         * @param type which failures
         * @param mapper what callers get to see of them
         * @param <E> the type of the failures
         * @return this
         */
        public <E extends Throwable> Builder onError(Class<E> type, ErrorMapper<? super E> mapper) {
            mappings.add(new Failures.Mapping<E>(type, Objects.requireNonNull(mapper, "mapper"), null));
            return this;
        }

        /**
         * Gives failures of a class a code.
         *
         * @param type which failures
         * @param code in place of the default
         * @param <E> the type of the failures
         * @return this
         */
        public <E extends Throwable> Builder onError(Class<E> type, ErrorCode code) {
            mappings.add(new Failures.Mapping<E>(type, null, Objects.requireNonNull(code, "code")));
            return this;
        }

        /**
         * Adds a mapper for failures of a class, and gives them a code, whatever the mapper says.
         *
         * @param type which failures
         * @param mapper what callers get to see of them
         * @param code their code
         * @param <E> the type of the failures
         * @return this
         */
        public <E extends Throwable> Builder onError(Class<E> type, ErrorMapper<? super E> mapper, ErrorCode code) {
            mappings.add(new Failures.Mapping<E>(
                    type, Objects.requireNonNull(mapper, "mapper"), Objects.requireNonNull(code, "code")));
            return this;
        }

        /**
         * Says what becomes of failures.
         *
         * @param handleErrors true, the default, for envelopes with an {@code error}; false for errors of the publisher, as they were
         * @return this
         */
        public Builder handleErrors(boolean handleErrors) {
            this.handleErrors = handleErrors;
            return this;
        }

        /**
         * Makes the integration.
         *
         * @return the integration
         * @throws IllegalArgumentException if a capability does not keep its contract, streams have no connector, or a connector no streams
         * @throws IllegalStateException if it has been made already
         */
        public Integration build() {
            if (built) {
                throw new IllegalStateException("The integration '" + id + "' has been made; begin another builder");
            }
            built = true;
            addingModules = true;
            // A module may add others.
            for (int i = 0; i < modules.size(); i++) {
                modules.get(i).addTo(this);
            }
            contracts.values().forEach(contract -> {
                Capability<?, ?> capability = capabilities.get(contract.name());
                if (capability != null) {
                    contract.check(capability);
                }
            });
            if (source != null && !streams.isEmpty()) {
                throw new IllegalArgumentException(
                        "The integration '" + id + "' has a source and streams besides; put them into the source");
            }
            if (streams.isEmpty() != (connector == null)) {
                throw new IllegalArgumentException("The integration '" + id + "' has "
                        + (streams.isEmpty()
                                ? "a connector for streams, but no streams"
                                : "streams, but no connector to read them with"));
            }
            return new Integration(this);
        }

        private @Nullable Source ownSource() {
            Function<? super CapabilityContext, Connector> made = connector;
            if (made == null) {
                return null;
            }
            Source.Builder own = Source.builder(id)
                    .config(InfoDocument.configuration(credentials, settings))
                    .connector(config -> made.apply(readers(config)));
            streams.forEach(own::stream);
            return own.build();
        }

        private CapabilityContext readers(JsonNode config) {
            Object set = settings == null ? null : settings.read(config);
            return new CapabilityContext(
                    id, "read", credentials.read(config), credentials.areSeveral(), set, null, null);
        }
    }
}
