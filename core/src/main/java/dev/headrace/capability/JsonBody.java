package dev.headrace.capability;

import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a request to an integration over HTTP: one JSON object, in UTF-8. */
public final class JsonBody {

    /** RFC 8259 §11: JSON has no charset; those who say one may say the right one. */
    private static final Pattern JSON = Pattern.compile("application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-?8\"?\\s*)?");

    private JsonBody() {}

    /**
     * Whether a body is meant to be JSON.
     *
     * @param contentType the header {@code Content-Type}; null if there is none
     * @return true for {@code application/json}, whose charset may only be UTF-8
     */
    public static boolean isJson(@Nullable String contentType) {
        return contentType != null
                && JSON.matcher(contentType.strip().toLowerCase(Locale.ROOT)).matches();
    }

    /**
     * Reads a body.
     *
     * @param bytes all of it
     * @return the object
     * @throws CapabilityException with {@link ErrorCode#BAD_REQUEST} and status 400 if it is none; the message shows nothing of it
     */
    public static JsonNode read(byte[] bytes) {
        if (bytes.length == 0) {
            throw BadRequest.because("The request has no body; send a JSON object, and be it {}");
        }
        JsonNode document;
        try {
            // The parser is lenient: it takes other encodings, and characters that are encoded in more bytes than they
            // need.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            document = Json.tree(bytes);
        } catch (CharacterCodingException e) {
            throw BadRequest.because("The request's body is no UTF-8; send JSON in that encoding");
        } catch (DecodingException e) {
            throw BadRequest.because("The request's body is no JSON: " + e.getMessage());
        }
        if (!document.isObject()) {
            throw BadRequest.because("The request's body is no JSON object; send one");
        }
        return document;
    }
}
