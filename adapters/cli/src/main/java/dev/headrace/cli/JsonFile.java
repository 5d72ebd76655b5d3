package dev.headrace.cli;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Secret;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A JSON document that an option names. Messages show nothing of it: it may be a secret. */
final class JsonFile {

    private JsonFile() {}

    /**
     * Reads the document from an environment variable.
     *
     * @param what the variable holds, such as {@code configuration}
     * @param option that named the variable
     */
    static JsonNode inEnvironment(String variable, String what, String option) {
        String json;
        try {
            json = Secret.environment(variable).reveal();
        } catch (HeadraceException e) {
            // The name is not repeated: it is the secret itself when the option was misunderstood.
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    option + " names an environment variable that is not set; export it with the " + what
                            + " as its value, JSON",
                    e);
        }
        try {
            return Json.tree(json);
        } catch (DecodingException e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "The " + what + " in the environment variable of " + option + " is no JSON: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Reads the document; blocks.
     *
     * @param what the file holds, such as {@code configuration}
     * @param option that named the file
     */
    static JsonNode read(Path file, String what, String option) {
        refuseDocument(file, option);
        try {
            return Json.tree(Files.readAllBytes(file));
        } catch (DecodingException e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION, "The " + what + " " + file + " is no JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new HeadraceException(
                    FailureKind.LOCAL, "Cannot read the " + what + " " + file + "; check " + option, e);
        }
    }

    /** Refuses a document where the name of a file was meant, without repeating it. */
    static void refuseDocument(Path file, String option) {
        if (isDocument(file.toString())) {
            throw new IllegalArgumentException(option + " takes the name of a file, but was given JSON");
        }
    }

    /** Whether an argument is rather a JSON object or array than the name of anything. */
    static boolean isDocument(String argument) {
        String text = argument.strip();
        return text.startsWith("{") || text.startsWith("[");
    }
}
