package dev.headrace.spring;

import dev.headrace.http.Secret;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.databind.JsonNode;

/**
 * States of streams as ids of events, which browsers send back. A state says which requests to make next, with the application's
 * credentials; so an id is signed (HMAC-SHA256, RFC 2104) over the stream's name and the state, and whoever makes one up is refused.
 */
final class StateIds {

    /** What browsers and servers take in a header without being asked. */
    static final int LONGEST = 4 * 1024;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE = 32;

    private final Mac mac;

    private StateIds(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }

    /** Ids of this process, which no other one knows. */
    static StateIds ofThisProcess() {
        byte[] key = new byte[SIGNATURE];
        new SecureRandom().nextBytes(key);
        return new StateIds(key);
    }

    /** Ids of all that have the same key. */
    static StateIds signedBy(Secret key) {
        return new StateIds(key.reveal().getBytes(StandardCharsets.UTF_8));
    }

    /** The id of a state; empty if it would be too long for a header. */
    Optional<String> id(String stream, JsonNode state) {
        byte[] json = Json.write(state);
        ByteBuffer id = ByteBuffer.allocate(SIGNATURE + json.length);
        id.put(signature(stream, json)).put(json);
        return Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(id.array()))
                .filter(text -> text.length() <= LONGEST);
    }

    /**
     * The state that an id stands for.
     *
     * @throws ServerWebInputException a 400, if it was not made here for that stream; to begin anew then would be a surprise
     */
    JsonNode state(String stream, String id) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(id);
            if (bytes.length > SIGNATURE) {
                byte[] json = new byte[bytes.length - SIGNATURE];
                System.arraycopy(bytes, SIGNATURE, json, 0, json.length);
                byte[] sent = new byte[SIGNATURE];
                System.arraycopy(bytes, 0, sent, 0, SIGNATURE);
                // In a time that does not tell how many bytes are right.
                if (MessageDigest.isEqual(sent, signature(stream, json))) {
                    return Json.tree(json);
                }
            }
        } catch (IllegalArgumentException | DecodingException e) {
            // Refused below, without showing the header.
        }
        throw new ServerWebInputException(
                "The Last-Event-ID is none of this stream's, or of an earlier run that had another"
                        + " headrace.sse.signing-key; connect without it to begin anew");
    }

    private byte[] signature(String stream, byte[] json) {
        Mac own;
        try {
            own = (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own " + ALGORITHM + " can be cloned", e);
        }
        own.update(stream.getBytes(StandardCharsets.UTF_8));
        own.update((byte) 0);
        return own.doFinal(json);
    }
}
