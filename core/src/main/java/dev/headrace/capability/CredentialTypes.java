package dev.headrace.capability;

import dev.headrace.http.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Which credentials an integration takes. */
final class CredentialTypes {

    static final CredentialTypes NONE = new CredentialTypes();

    CredentialTypes single(Class<? extends Credentials> type) {
        return this;
    }

    CredentialTypes with(String id, Class<? extends Credentials> type, boolean optional) {
        return this;
    }

    /** @throws CapabilityException bad_request */
    Map<String, Credentials> read(JsonNode document) {
        return Map.of();
    }

    /** @throws CapabilityException bad_request */
    void check(Map<String, Credentials> given) {}

    List<Secret> secrets(JsonNode document) {
        return List.of();
    }

    List<Secret> secrets(Map<String, Credentials> given) {
        return List.of();
    }

    /** The members `auth` or `credentials` of the incoming document, as schemas by name. */
    Optional<Map.Entry<String, JsonNode>> schema() {
        return Optional.empty();
    }
}
