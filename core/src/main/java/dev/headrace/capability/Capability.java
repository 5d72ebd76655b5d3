package dev.headrace.capability;

import dev.headrace.json.JsonSchema;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A named, typed operation.
 *
 * <pre>{@code
 * Capability.of("list_accounts", ListAccounts.class, Accounts.class, (request, context) ->
 *         context.connector(api).fetch(Request.get("/users").query("limit", request.input().limit()), Accounts.class)
 *                 .map(CapabilityResponse::of))
 * }</pre>
 *
 * @param name words of lower case letters joined by underscores
 * @param input what it is asked with; read from JSON as {@link dev.headrace.json.Codec#of(Class)} does
 * @param output what it answers with
 * @param handler what it does
 * @param displayName its name for people
 * @param description what it does, for people; empty if nobody says
 * @param arguments the schema of the input
 * @param result the schema of the output
 * @param needsCredentials whether callers have to give the credentials that the integration takes
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
public record Capability<I, O>(
        String name,
        Class<I> input,
        Class<O> output,
        CapabilityHandler<I, O> handler,
        String displayName,
        String description,
        JsonSchema arguments,
        JsonSchema result,
        boolean needsCredentials) {

    /**
     * Checks the name, and that all is there.
     *
     * @param name its name
     * @param input what it is asked with
     * @param output what it answers with
     * @param handler what it does
     * @param displayName its name for people
     * @param description what it does
     * @param arguments the schema of the input
     * @param result the schema of the output
     * @param needsCredentials whether callers have to give credentials
     * @throws IllegalArgumentException if the name is written in another way, or is one that every integration has a use for
     */
    public Capability {
        name = CapabilityName.checked(name);
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(displayName, "displayName");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(result, "result");
    }

    /**
     * A capability, with schemas {@linkplain JsonSchema#derivedFrom(Class) derived} from its classes; that takes some time, so not on an event
     * loop.
     *
     * @param name its name, such as {@code list_accounts}
     * @param input a record or class
     * @param output a record or class
     * @param handler what it does
     * @param <I> the type of the input
     * @param <O> the type of the output
     * @return the capability
     * @throws IllegalArgumentException if the name is none, or a class is none that can be read or written
     */
    public static <I, O> Capability<I, O> of(
            String name, Class<I> input, Class<O> output, CapabilityHandler<I, O> handler) {
        CapabilityName.checked(name);
        return new Capability<>(
                name,
                input,
                output,
                handler,
                CapabilityName.inWords(name),
                "",
                TypeCheck.readable(input, "The capability '" + name + "' takes"),
                TypeCheck.writable(output, "The capability '" + name + "' answers with"),
                true);
    }

    /**
     * A capability that blocks while it works; it does so on {@link Schedulers#boundedElastic()}, and is interrupted when its caller goes.
     *
     * @param name its name
     * @param input a record or class
     * @param output a record or class
     * @param handler what it does
     * @param <I> the type of the input
     * @param <O> the type of the output
     * @return the capability
     * @throws IllegalArgumentException as {@link #of}
     */
    public static <I, O> Capability<I, O> blocking(
            String name, Class<I> input, Class<O> output, CapabilityHandler.Blocking<I, O> handler) {
        Objects.requireNonNull(handler, "handler");
        return of(
                name,
                input,
                output,
                (request, context) -> Mono.fromCallable(() -> handler.handle(request, context))
                        .subscribeOn(Schedulers.boundedElastic()));
    }

    /**
     * The same with another name for people.
     *
     * @param displayName default: the name in words, such as {@code List accounts}
     * @return another capability
     */
    public Capability<I, O> displayName(String displayName) {
        return new Capability<>(
                name, input, output, handler, displayName, description, arguments, result, needsCredentials);
    }

    /**
     * The same with a description.
     *
     * @param description what it does, for people
     * @return another capability
     */
    public Capability<I, O> description(String description) {
        return new Capability<>(
                name, input, output, handler, displayName, description, arguments, result, needsCredentials);
    }

    /**
     * The same for callers who have no credentials yet, such as those who are about to get some. Credentials that are given all the same are
     * not looked at.
     *
     * @return another capability
     */
    public Capability<I, O> withoutCredentials() {
        return new Capability<>(name, input, output, handler, displayName, description, arguments, result, false);
    }

    /**
     * Both schemas in one document.
     *
     * @return <code>{"argument": {…}, "output": {…}}</code>
     */
    public JsonNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.set("argument", arguments.json());
        schema.set("output", result.json());
        return schema;
    }

    @Override
    public String toString() {
        return "Capability[" + name + ": " + input.getSimpleName() + " -> " + output.getSimpleName() + "]";
    }
}
