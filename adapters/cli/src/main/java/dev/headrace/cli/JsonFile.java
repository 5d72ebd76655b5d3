package dev.headrace.cli;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A JSON document that an option names. */
final class JsonFile {

    private JsonFile() {}

    /**
     * Reads the document; blocks.
     *
     * @param what the file holds, such as {@code configuration}
     * @param option that named the file
     */
    static JsonNode read(Path file, String what, String option) {
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
}
