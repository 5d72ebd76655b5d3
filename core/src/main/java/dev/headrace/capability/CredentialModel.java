package dev.headrace.capability;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.http.Secret;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A kind of credentials: what it is called, and what it looks like in JSON. */
record CredentialModel(String name, Class<? extends Credentials> type, List<Member> members) {

    /** The member that may say which kind it is. */
    static final String MODEL = "model";

    /** One of the values that belong to it. */
    record Member(String name, Method accessor, boolean required) {

        private static Member of(RecordComponent component) {
            JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
            boolean named = property != null && !property.value().isEmpty();
            return new Member(
                    named ? property.value() : component.getName(),
                    component.getAccessor(),
                    property != null && property.required());
        }

        boolean isSecret() {
            return type() == Secret.class;
        }

        private Class<?> type() {
            return accessor.getReturnType();
        }

        private @Nullable Secret secretOf(Credentials credentials) {
            try {
                return (Secret) accessor.invoke(credentials);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("The accessors of a public record can be called", e);
            }
        }

        /** What is wrong with a value; without the value. */
        private Optional<String> problem(JsonNode value) {
            if (value.isMissingNode() || value.isNull()) {
                return required ? Optional.of("is missing") : Optional.empty();
            }
            if (type() == List.class) {
                boolean texts = value.isArray() && value.valueStream().allMatch(JsonNode::isString);
                return texts ? Optional.empty() : Optional.of("must be a list of texts");
            }
            if (type() == Map.class) {
                return value.isObject() ? Optional.empty() : Optional.of("must be an object");
            }
            if (!value.isString()) {
                return Optional.of("must be a text");
            }
            return isSecret() && value.stringValue().isEmpty() ? Optional.of("must not be empty") : Optional.empty();
        }
    }

    private static final Map<Class<?>, CredentialModel> ALL = all();

    private static Map<Class<?>, CredentialModel> all() {
        Map<Class<?>, CredentialModel> all = new LinkedHashMap<>();
        Stream.of(
                        model("basic", Credentials.Basic.class),
                        model("token", Credentials.Token.class),
                        model("oauth", Credentials.OAuth.class),
                        model("oauth_client_credentials", Credentials.OAuthClientCredentials.class),
                        model("jwt", Credentials.Jwt.class),
                        model("service_account", Credentials.ServiceAccount.class),
                        model("key_pair", Credentials.KeyPair.class))
                .forEach(model -> all.put(model.type, model));
        return all;
    }

    private static CredentialModel model(String name, Class<? extends Credentials> type) {
        return new CredentialModel(
                name,
                type,
                Stream.of(type.getRecordComponents()).map(Member::of).toList());
    }

    static CredentialModel of(Class<? extends Credentials> type) {
        CredentialModel model = ALL.get(type);
        if (model == null) {
            throw new IllegalArgumentException(
                    "Credentials must be of one of its records, such as Credentials.Basic, but are declared as "
                            + type.getName());
        }
        return model;
    }

    static boolean isName(String name) {
        return ALL.values().stream().anyMatch(model -> model.name.equals(name));
    }

    /** Whether a member of this name is a secret of any kind of credentials. */
    static boolean isSecret(String member) {
        return ALL.values().stream()
                .flatMap(model -> model.members.stream())
                .anyMatch(known -> known.isSecret() && known.name.equals(member));
    }

    /** All secrets in credentials of this kind. */
    List<Secret> secretsOf(Credentials credentials) {
        return members.stream()
                .filter(Member::isSecret)
                .map(member -> member.secretOf(credentials))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Reads an object, or adds to the problems; none of them shows a value. */
    Optional<Credentials> read(JsonNode object, String place, List<String> problems) {
        List<String> found = new ArrayList<>();
        for (Member member : members) {
            member.problem(object.path(member.name))
                    .ifPresent(problem -> found.add("'" + place + "/" + member.name + "' " + problem));
        }
        if (found.isEmpty()) {
            try {
                return Optional.of(Json.read(object, type));
            } catch (DecodingException e) {
                // Only our own constructors get here, and what they say shows no value.
                Throwable said = e.getCause();
                found.add("'" + place + "': " + (said == null ? e.problem() : said.getMessage()));
            }
        }
        problems.addAll(found);
        return Optional.empty();
    }

    /** The schema of such an object, with the member that says which kind it is. */
    ObjectNode schema() {
        ObjectNode derived = (ObjectNode) JsonSchema.derivedFrom(type).json();
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.set("type", derived.get("type"));
        ObjectNode properties = schema.putObject("properties");
        properties.putObject(MODEL).put("const", name).put("title", "Model").put("x-field_type", "HIDDEN");
        derived.path("properties").forEachEntry(properties::set);
        schema.set("required", derived.get("required"));
        return schema;
    }
}
