package dev.headrace.spec;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.stream.Source;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A {@link Source} written in YAML: connector, streams and their settings, with expressions for what only the
 * configuration says. Immutable; every change gives a new value.
 *
 * <pre>{@code
 * headrace: 1
 * name: github
 * config:
 *   type: object
 *   properties: {owner: {type: string}}
 *   additionalProperties: false
 * connector:
 *   base_url: https://api.github.com
 *   auth: {bearer: "${secret:GITHUB_TOKEN}"}
 * streams:
 *   repositories:
 *     request: {path: "/orgs/{{ config.owner }}/repos"}
 *     pagination: link
 *     key: /id
 * }</pre>
 *
 * <p>{@code Spec.load(file).source()} is what is read. Everything that is wrong with a document is told at once, each
 * with its line and column; no secret is needed for that.
 *
 * <p>The document is YAML 1.2 with its core schema, at most 4 MiB, without tags and merge keys. Texts may hold
 * expressions
 * <code>{{ config.name }}</code> on {@code config}, {@code slice}, {@code state} and {@code page.number}, with a few
 * functions and no code; and secrets <code>${secret:NAME}</code>, where they are sent and never printed.
 */
public final class Spec {

    private final String name;
    private final SpecForm form;
    private final List<Problem> problems;
    private final SecretSource secrets;
    private final UnaryOperator<Connector.Builder> host;

    private Spec(
            String name,
            SpecForm form,
            List<Problem> problems,
            SecretSource secrets,
            UnaryOperator<Connector.Builder> host) {
        this.name = name;
        this.form = form;
        this.problems = problems;
        this.secrets = secrets;
        this.host = host;
    }

    /**
     * Reads a spec from a file. Blocks while it and the schemas it names are read.
     *
     * @param file YAML in UTF-8
     * @return the spec, whatever is wrong with it
     * @throws HeadraceException of kind {@link FailureKind#CONFIGURATION} if the file cannot be read
     */
    public static Spec load(Path file) {
        String problem;
        try {
            return of(
                    String.valueOf(file.getFileName()),
                    SpecFile.read(file),
                    file.toAbsolutePath().getParent());
        } catch (NoSuchFileException e) {
            problem = "does not exist";
        } catch (SpecFile.Unfit e) {
            problem = e.getMessage();
        } catch (CharacterCodingException e) {
            problem = "is not text in UTF-8";
        } catch (IOException e) {
            problem = "cannot be read (" + e.getClass().getSimpleName() + "); check who may";
        }
        throw new HeadraceException(FailureKind.CONFIGURATION, "The spec " + file + " " + problem, null);
    }

    /**
     * Reads a spec from text. It cannot name files; {@link #load} can.
     *
     * @param name how the document is called in messages, such as {@code github.yaml}
     * @param yaml the document
     * @return the spec, whatever is wrong with it
     */
    public static Spec parse(String name, String yaml) {
        return of(name, yaml, null);
    }

    private static Spec of(String name, String yaml, @Nullable Path directory) {
        Problems problems = new Problems();
        SpecForm form = YamlReader.read(yaml, problems)
                .map(root -> read(Found.root(new Reading(name, directory, problems), root)))
                .orElse(SpecForm.NONE);
        return new Spec(name, form, problems.all(), SecretSource.environment(), UnaryOperator.identity());
    }

    private static SpecForm read(Found root) {
        SpecForm form = SpecFormat.SPEC.readable(root);
        if (form == null) {
            return SpecForm.NONE;
        }
        Set<String> streams = new LinkedHashSet<>();
        if (root.node() instanceof YamlNode.Mapping document
                && document.entry("streams").map(YamlNode.Entry::value).orElse(null)
                        instanceof YamlNode.Mapping written) {
            written.entries().forEach(entry -> streams.add(entry.key()));
        }
        new Trial(form, streams).run();
        new References(root.reading(), form).check();
        return form;
    }

    /**
     * Everything that is wrong with a file.
     *
     * @param file as for {@link #load}
     * @return problems from the top of the document to its end; empty if a source can be made of it
     * @throws HeadraceException as {@link #load}
     */
    public static List<Problem> check(Path file) {
        return load(file).problems();
    }

    /**
     * Everything that is wrong with a text.
     *
     * @param name as for {@link #parse}
     * @param yaml the document
     * @return problems from the top of the document to its end; empty if a source can be made of it
     */
    public static List<Problem> check(String name, String yaml) {
        return parse(name, yaml).problems();
    }

    /**
     * What a spec may look like, for editors: a JSON Schema, draft 2020-12, with a line for every key. It knows less
     * than {@link #check}, for it does not look into expressions.
     *
     * @return an object, a new one each time
     */
    public static JsonNode editorSchema() {
        return EditorSchema.of(
                SpecFormat.SPEC, "Headrace spec", "A source of records in YAML, version " + SpecFormat.VERSION + ".");
    }

    /**
     * Sets where secrets come from.
     *
     * @param secrets default {@link SecretSource#environment()}
     * @return a new spec
     */
    public Spec secrets(SecretSource secrets) {
        return new Spec(name, form, problems, Objects.requireNonNull(secrets, "secrets"), host);
    }

    /**
     * Sets what the host of the source adds to each connector: a listener, a wire log, its own authorities.
     *
     * @param host called when the connector has everything that the spec says; default nothing is added
     * @return a new spec
     */
    public Spec host(UnaryOperator<Connector.Builder> host) {
        return new Spec(name, form, problems, secrets, Objects.requireNonNull(host, "host"));
    }

    /**
     * How the document is called.
     *
     * @return the file's name, or what {@link #parse} was given
     */
    public String name() {
        return name;
    }

    /**
     * What is wrong with it.
     *
     * @return problems from the top of the document to its end; empty if a source can be made of it
     */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * The source. Each of its operations makes connector and streams anew from the configuration that it is given;
     * secrets are asked for when a request needs them. What an expression lacks then fails the operation with a {@link
     * HeadraceException} of kind {@link FailureKind#CONFIGURATION} that says where the expression stands.
     *
     * @return the source, sharing nothing with others
     * @throws SpecException if anything is wrong with the spec
     */
    public Source source() {
        if (!problems.isEmpty()) {
            throw new SpecException(name, problems);
        }
        Source.Builder source = Source.builder(form.name())
                .connector(config -> host.apply(form.connector().in(Scope.of(config, secrets)))
                        .build())
                .streams(config -> new StreamBuilder(form, Scope.of(config, secrets)).streams());
        return form.config() == null
                ? source.build()
                : source.config(form.config().schema()).build();
    }

    @Override
    public String toString() {
        return "Spec[" + name + (problems.isEmpty() ? "" : ", problems: " + problems.size()) + "]";
    }
}
