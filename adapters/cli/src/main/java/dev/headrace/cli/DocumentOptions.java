package dev.headrace.cli;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document that a capability is called with: from an argument, a file or standard input, and what options put into it. Without options of
 * the latter kind it reaches the integration as it came, so that it is the integration that says what is wrong with it.
 */
final class DocumentOptions {

    @Parameters(
            arity = "0..1",
            paramLabel = "-",
            description =
                    "Reads the document from standard input, as is done without --json and --json-file if something is piped there.")
    private @Nullable String dash;

    @Option(
            names = "--json",
            paramLabel = "JSON",
            description =
                    "The document: {\"request\": …, \"auth\": …, \"settings\": …, \"page\": …}; what is not needed may be missing.")
    private @Nullable String json;

    @Option(names = "--json-file", paramLabel = "FILE", description = "The document from this file.")
    private @Nullable Path jsonFile;

    @Option(
            names = "--auth-env",
            paramLabel = "VAR",
            description =
                    "Credentials from this environment variable: JSON, an object for auth, an array for credentials.")
    private @Nullable String authVariable;

    @Option(names = "--auth-file", paramLabel = "FILE", description = "Credentials from this file, in the same form.")
    private @Nullable Path authFile;

    @Option(names = "--settings-file", paramLabel = "FILE", description = "The settings from this file, a JSON object.")
    private @Nullable Path settingsFile;

    @Option(
            names = "--page-token",
            paramLabel = "TOKEN",
            description = "Where the list goes on: the token of a page before.")
    private @Nullable String pageToken;

    @Option(names = "--page-size", paramLabel = "N", description = "How many items a page has at most.")
    private @Nullable Integer pageSize;

    @Option(names = "--include-raw", description = "Also writes what the remote sent, as raw_data.")
    private boolean includeRaw;

    /** The document; its credentials are hidden from now on. */
    String document(Shell shell) {
        String given = given(shell);
        JsonNode document;
        try {
            document = Json.tree(given);
        } catch (DecodingException e) {
            return given;
        }
        shell.mask().hide(document);
        if (!(document instanceof ObjectNode object) || !changes()) {
            return given;
        }
        merge(object);
        shell.mask().hide(object);
        return Json.writeText(object);
    }

    private String given(Shell shell) {
        if (dash != null && !dash.equals("-")) {
            throw new IllegalArgumentException("'" + dash + "' is no option; give the document with --json");
        }
        int places = (json == null ? 0 : 1) + (jsonFile == null ? 0 : 1) + (dash == null ? 0 : 1);
        if (places > 1) {
            throw new IllegalArgumentException("--json, --json-file and - all give the document; give one of them");
        }
        if (json != null) {
            return json;
        }
        try {
            if (jsonFile != null) {
                return Files.readString(jsonFile);
            }
            if (dash == null && shell.typed()) {
                return "{}";
            }
            String piped = new String(shell.in().readAllBytes(), StandardCharsets.UTF_8);
            return dash == null && piped.isBlank() ? "{}" : piped;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    jsonFile == null
                            ? "Standard input cannot be read: " + e.getMessage()
                            : "--json-file names what cannot be read: " + jsonFile,
                    e);
        }
    }

    private boolean changes() {
        return authVariable != null
                || authFile != null
                || settingsFile != null
                || pageToken != null
                || pageSize != null
                || includeRaw;
    }

    private void merge(ObjectNode document) {
        if (authVariable != null && authFile != null) {
            throw new IllegalArgumentException(
                    "--auth-env and --auth-file both give the credentials; give one of them");
        }
        if (authVariable != null) {
            authenticate(document, "--auth-env", JsonFile.inEnvironment(authVariable, "credentials", "--auth-env"));
        }
        if (authFile != null) {
            authenticate(document, "--auth-file", JsonFile.read(authFile, "credentials", "--auth-file"));
        }
        if (settingsFile != null) {
            refuseIfThere(document, "settings", "--settings-file");
            document.set("settings", JsonFile.read(settingsFile, "settings", "--settings-file"));
        }
        if (includeRaw) {
            refuseIfThere(document, "include_raw_data", "--include-raw");
            document.put("include_raw_data", true);
        }
        page(document);
    }

    private static void authenticate(ObjectNode document, String option, JsonNode credentials) {
        refuseIfThere(document, "auth", option);
        refuseIfThere(document, "credentials", option);
        if (!credentials.isObject() && !credentials.isArray()) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "What " + option + " names is neither a JSON object for auth nor an array for credentials",
                    null);
        }
        document.set(credentials.isArray() ? "credentials" : "auth", credentials);
    }

    private void page(ObjectNode document) {
        if (pageToken == null && pageSize == null) {
            return;
        }
        JsonNode given = document.get("page");
        if (given != null && !given.isNull() && !given.isObject()) {
            // The integration says what is wrong with it.
            return;
        }
        ObjectNode page = given instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        if (pageToken != null) {
            refuseIfThere(page, "token", "--page-token");
            page.put("token", pageToken);
        }
        if (pageSize != null) {
            refuseIfThere(page, "size", "--page-size");
            page.put("size", pageSize);
        }
        document.set("page", page);
    }

    private static void refuseIfThere(ObjectNode object, String member, String option) {
        if (object.hasNonNull(member)) {
            throw new IllegalArgumentException("The document has '" + member + "' already, which " + option
                    + " would give; leave one of them out");
        }
    }
}
