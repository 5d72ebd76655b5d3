package dev.headrace.capability;

import dev.headrace.http.Redactor;
import dev.headrace.http.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which credentials an integration takes: none, one kind as {@code auth}, or several by their ids as {@code credentials}. Reads them from
 * what callers send, and says all that is wrong with it at once. Immutable.
 *
 * <pre>{@code
 * {"auth": {"username": …, "password": …}}
 * {"auth": {"model": "basic", "username": …, "password": …}}
 * {"auth": {"basic": {"username": …, "password": …}}}
 * {"credentials": [{"id": "crm", "username": …, "password": …}, {"id": "files", "token": …}]}
 * }</pre>
 */
final class CredentialTypes {

    static final CredentialTypes NONE = new CredentialTypes(Map.of());

    private static final String AUTH = "auth";
    private static final String CREDENTIALS = "credentials";
    private static final String ID = "id";

    /** One of the credentials that an integration takes. */
    private record Declared(CredentialModel model, boolean optional) {}

    /** In the order in which they were declared. */
    private final Map<String, Declared> declared;

    private CredentialTypes(Map<String, Declared> declared) {
        this.declared = declared;
    }

    /** One kind, without an id. */
    CredentialTypes single(Class<? extends Credentials> type) {
        if (!declared.isEmpty()) {
            throw new IllegalArgumentException(
                    isSingle()
                            ? "Credentials have been declared already; give each kind an id if there are several"
                            : "There are credentials with ids already; these need one as well");
        }
        return new CredentialTypes(Map.of(CapabilityRequest.ONLY, new Declared(CredentialModel.of(type), false)));
    }

    /** These and one more kind. */
    CredentialTypes with(String id, Class<? extends Credentials> type, boolean optional) {
        if (id.isBlank()) {
            throw new IllegalArgumentException("The id of credentials must not be blank");
        }
        if (isSingle()) {
            throw new IllegalArgumentException("There are credentials without an id already; give them one as well");
        }
        Map<String, Declared> more = new LinkedHashMap<>(declared);
        if (more.put(id, new Declared(CredentialModel.of(type), optional)) != null) {
            throw new IllegalArgumentException("There are credentials with the id '" + id + "' already");
        }
        return new CredentialTypes(more);
    }

    /** Whether each goes by an id. */
    boolean areSeveral() {
        return !declared.isEmpty() && !isSingle();
    }

    private boolean isSingle() {
        return declared.containsKey(CapabilityRequest.ONLY);
    }

    /**
     * What a document gives, by id.
     *
     * @throws CapabilityException with {@link ErrorCode#BAD_REQUEST} and all that is wrong; no value is shown
     */
    Map<String, Credentials> read(JsonNode document) {
        List<String> problems = new ArrayList<>();
        Map<String, Credentials> given = read(present(document, AUTH), present(document, CREDENTIALS), problems);
        refuse(problems);
        return given;
    }

    /**
     * Whether credentials that were made by a program are those that are taken.
     *
     * @throws CapabilityException with {@link ErrorCode#BAD_REQUEST} and all that is wrong
     */
    void check(Map<String, Credentials> given) {
        List<String> problems = new ArrayList<>();
        if (declared.isEmpty() && !given.isEmpty()) {
            problems.add("No credentials are taken, but there are some");
        } else {
            given.forEach((id, credentials) -> {
                Declared known = declared.get(id);
                if (known == null) {
                    problems.add(
                            isSingle()
                                    ? "The credentials must be without an id"
                                    : "There are credentials of an id that is not known; " + knownIds());
                } else if (!known.model.type().isInstance(credentials)) {
                    problems.add(subject(id) + " must be of the model '" + known.model.name() + "', but are of '"
                            + credentials.model() + "'");
                }
            });
            addMissing(given, problems);
        }
        refuse(problems);
    }

    private static String subject(String id) {
        return id.isEmpty() ? "The credentials" : "The credentials '" + id + "'";
    }

    private void addMissing(Map<String, ?> given, List<String> problems) {
        declared.forEach((id, wanted) -> {
            if (!wanted.optional && !given.containsKey(id)) {
                problems.add(subject(id) + " are missing; they are of the model '" + wanted.model.name() + "'");
            }
        });
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw BadRequest.because(String.join("; ", problems));
        }
    }

    private static @Nullable JsonNode present(JsonNode document, String name) {
        JsonNode value = document.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private Map<String, Credentials> read(
            @Nullable JsonNode auth, @Nullable JsonNode credentials, List<String> problems) {
        if (auth != null && credentials != null) {
            problems.add("There must be 'auth' or 'credentials', but not both");
        } else if (declared.isEmpty()) {
            if (auth != null || credentials != null) {
                problems.add(
                        "'" + (auth == null ? CREDENTIALS : AUTH) + "' must not be there: no credentials are taken");
            }
        } else if (isSingle()) {
            return readSingle(auth, credentials, problems);
        } else if (auth != null) {
            problems.add("'auth' must be 'credentials', a list in which each has an 'id'; " + knownIds());
        } else {
            return readSeveral(credentials == null ? JsonNodeFactory.instance.arrayNode() : credentials, problems);
        }
        return Map.of();
    }

    private Map<String, Credentials> readSingle(
            @Nullable JsonNode auth, @Nullable JsonNode credentials, List<String> problems) {
        CredentialModel model = declaredAs(CapabilityRequest.ONLY).model;
        JsonNode value = auth;
        String place = AUTH;
        if (credentials != null) {
            if (!credentials.isArray() || credentials.size() != 1) {
                problems.add("'credentials' must be a list of one, or rather be 'auth'");
                return Map.of();
            }
            value = credentials.get(0);
            place = CREDENTIALS + "/0";
            if (present(value, ID) != null) {
                problems.add("'credentials/0/id' must not be there: only one kind of credentials is taken");
                return Map.of();
            }
        }
        if (value == null) {
            problems.add("'auth' is missing; it is of the model '" + model.name() + "'");
            return Map.of();
        }
        return read(model, value, place, problems)
                .map(given -> Map.of(CapabilityRequest.ONLY, given))
                .orElse(Map.of());
    }

    private Map<String, Credentials> readSeveral(JsonNode credentials, List<String> problems) {
        Map<String, Credentials> given = new LinkedHashMap<>();
        if (!credentials.isArray()) {
            problems.add("'credentials' must be a list");
            return given;
        }
        Map<String, Boolean> seen = new LinkedHashMap<>();
        for (int i = 0; i < credentials.size(); i++) {
            JsonNode entry = credentials.get(i);
            String place = CREDENTIALS + "/" + i;
            JsonNode id = present(entry, ID);
            if (!entry.isObject()) {
                problems.add("'" + place + "' must be an object");
            } else if (id == null) {
                problems.add("'" + place + "/id' is missing; " + knownIds());
            } else if (!id.isString() || !declared.containsKey(id.stringValue())) {
                problems.add("'" + place + "/id' is not known; " + knownIds());
            } else if (seen.put(id.stringValue(), true) != null) {
                problems.add("'" + place + "/id' is '" + id.stringValue() + "' once more; each must be there once");
            } else {
                read(declaredAs(id.stringValue()).model, entry, place, problems)
                        .ifPresent(read -> given.put(id.stringValue(), read));
            }
        }
        addMissing(seen, problems);
        return given;
    }

    private Declared declaredAs(String id) {
        return Objects.requireNonNull(declared.get(id));
    }

    private String knownIds() {
        return "it must be "
                + declared.keySet().stream().map(id -> "'" + id + "'").collect(Collectors.joining(" or "));
    }

    /** One of the three forms. */
    private static Optional<Credentials> read(
            CredentialModel model, JsonNode value, String place, List<String> problems) {
        if (!value.isObject()) {
            problems.add("'" + place + "' must be an object");
            return Optional.empty();
        }
        JsonNode said = present(value, CredentialModel.MODEL);
        if (said != null) {
            if (!said.isString() || !said.stringValue().equals(model.name())) {
                problems.add("'" + place + "/model' must be '" + model.name() + "'");
                return Optional.empty();
            }
            return model.read(value, place, problems);
        }
        List<String> wrapped = value.propertyStream()
                .filter(member -> member.getValue().isObject() && CredentialModel.isName(member.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        if (wrapped.isEmpty()) {
            return model.read(value, place, problems);
        }
        if (!wrapped.equals(List.of(model.name()))) {
            problems.add("'" + place + "' must be of the model '" + model.name() + "' and no other");
            return Optional.empty();
        }
        return model.read(value.get(model.name()), place + "/" + model.name(), problems);
    }

    /** What must not be seen of a document, be it as it should or not. */
    List<Secret> secrets(JsonNode document) {
        List<Secret> secrets = new ArrayList<>();
        collect(document.path(AUTH), secrets);
        collect(document.path(CREDENTIALS), secrets);
        return secrets;
    }

    private static void collect(JsonNode value, List<Secret> secrets) {
        if (value.isArray()) {
            value.forEach(entry -> collect(entry, secrets));
        }
        value.forEachEntry((name, member) -> {
            if (!member.isString()) {
                collect(member, secrets);
            } else if (!member.stringValue().isEmpty()
                    && (CredentialModel.isSecret(name) || Redactor.isSecretName(name))) {
                secrets.add(Secret.of(member.stringValue()));
            }
        });
    }

    /** What must not be seen of credentials that were made by a program. */
    List<Secret> secrets(Map<String, Credentials> given) {
        List<Secret> secrets = new ArrayList<>();
        given.values()
                .forEach(credentials -> secrets.addAll(
                        CredentialModel.of(credentials.getClass()).secretsOf(credentials)));
        return secrets;
    }

    /** The member that credentials are given as, and its schema; empty if none are taken. */
    Optional<Map.Entry<String, JsonNode>> schema() {
        if (declared.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                isSingle()
                        ? Map.entry(
                                AUTH, declaredAs(CapabilityRequest.ONLY).model.schema())
                        : Map.entry(CREDENTIALS, severalSchema()));
    }

    private ObjectNode severalSchema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
        ArrayNode kinds = schema.putObject("items").putArray("oneOf");
        ArrayNode needed = JsonNodeFactory.instance.arrayNode();
        declared.forEach((id, wanted) -> {
            ObjectNode kind = wanted.model.schema();
            ObjectNode properties = JsonNodeFactory.instance.objectNode();
            properties.putObject(ID).put("const", id);
            kind.path("properties").forEachEntry(properties::set);
            kind.set("properties", properties);
            ((ArrayNode) kind.get("required")).insert(0, ID);
            kinds.add(kind);
            if (!wanted.optional) {
                ObjectNode contains = needed.addObject().putObject("contains");
                contains.putObject("properties").putObject(ID).put("const", id);
                contains.putArray("required").add(ID);
            }
        });
        if (!needed.isEmpty()) {
            schema.set("allOf", needed);
        }
        return schema;
    }

    @Override
    public String toString() {
        return "CredentialTypes" + declared.keySet();
    }
}
