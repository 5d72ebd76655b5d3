package dev.headrace.capability;

import dev.headrace.http.Secret;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a caller has sent, as JSON, being checked in this order: is it there, are the credentials known, complete and of the right model, are
 * the settings valid, is the request.
 *
 * <pre>{@code
 * {"request": {…}, "auth": {…}, "settings": {…}, "page": {"token": "…", "size": 100}, "include_raw_data": false, "request_id": "…"}
 * }</pre>
 */
final class CallDocument {

    private static final Set<String> MEMBERS = new TreeSet<>(
            Set.of("request", "auth", "credentials", "settings", "page", "include_raw_data", "request_id"));

    private final JsonNode document;

    private CallDocument(JsonNode document) {
        this.document = document;
    }

    static CallDocument of(String json) {
        if (json.isBlank()) {
            throw BadRequest.because(
                    "There is no document; send a JSON object with 'request' and whatever else is needed");
        }
        try {
            return of(Json.tree(json));
        } catch (DecodingException e) {
            throw BadRequest.because("The document is no JSON: " + e.getMessage());
        }
    }

    static CallDocument of(JsonNode document) {
        if (!document.isObject()) {
            throw BadRequest.because(
                    "The document is no JSON object; send one with 'request' and whatever else is needed");
        }
        Set<String> unknown = new TreeSet<>(document.propertyNames());
        unknown.removeAll(MEMBERS);
        if (!unknown.isEmpty()) {
            throw BadRequest.because(
                    "The document has members that nobody knows: " + unknown + "; it may have " + MEMBERS);
        }
        return new CallDocument(document);
    }

    /** Everything that must not be seen in a message about this call. */
    List<Secret> secrets(CredentialTypes credentials, @Nullable ObjectType<?> settings, ObjectType<?> input) {
        List<Secret> secrets = new ArrayList<>(credentials.secrets(document));
        input.collectSecrets(document, secrets);
        if (settings != null) {
            settings.collectSecrets(document, secrets);
        }
        return secrets;
    }

    <I> CapabilityRequest<I> request(
            boolean needsCredentials,
            CredentialTypes credentials,
            @Nullable ObjectType<?> settings,
            ObjectType<I> input) {
        Map<String, Credentials> given = needsCredentials ? credentials.read(document) : Map.of();
        Object set = settings == null ? null : settings.read(document);
        CapabilityRequest<I> request = CapabilityRequest.of(input.read(document))
                .credentials(given)
                .page(page())
                .includeRaw(flag("include_raw_data"));
        if (set != null) {
            request = request.settings(set);
        }
        String id = text(document, "request_id");
        return id == null ? request : request.requestId(id);
    }

    private Paging page() {
        JsonNode page = document.get("page");
        if (page == null || page.isNull()) {
            return Paging.NONE;
        }
        if (!page.isObject()) {
            throw BadRequest.because("'page' must be an object with 'token' and 'size'");
        }
        JsonNode size = page.get("size");
        if (size != null && !size.isNull() && (!size.isInt() || size.intValue() <= 0)) {
            throw BadRequest.because("'page/size' must be a whole number of more than zero");
        }
        return new Paging(text(page, "token"), size == null || size.isNull() ? null : size.intValue());
    }

    private boolean flag(String name) {
        JsonNode flag = document.get(name);
        if (flag == null || flag.isNull()) {
            return false;
        }
        if (!flag.isBoolean()) {
            throw BadRequest.because("'" + name + "' must be true or false");
        }
        return flag.booleanValue();
    }

    private static @Nullable String text(JsonNode from, String name) {
        JsonNode text = from.get(name);
        if (text == null || text.isNull()) {
            return null;
        }
        if (!text.isString()) {
            throw BadRequest.because("'" + name + "' must be a text");
        }
        return text.stringValue();
    }
}
