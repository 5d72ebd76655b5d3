package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecFilesTest {

    @TempDir
    Path directory;

    private Path spec(String schemas) throws IOException {
        return Files.writeString(
                directory.resolve("test.yaml"),
                "headrace: 1\nname: test\nconnector: {base_url: https://a.b}\nstreams:\n" + schemas);
    }

    @Test
    void readsSchemasFromFilesBesideIt() throws IOException {
        Files.writeString(directory.resolve("a.json"), "{\"type\": \"object\"}");
        Files.createDirectory(directory.resolve("schemas"));
        Files.writeString(directory.resolve("schemas/b.yaml"), "type: object\n");

        assertThat(
                        Spec.check(
                                spec(
                                        "  a: {request: /a, schema: {file: a.json}}\n  b: {request: /b, schema: {file: schemas/b.yaml}}\n")))
                .isEmpty();
        assertThat(Spec.load(directory.resolve("test.yaml")).name()).isEqualTo("test.yaml");
    }

    @Test
    void readsSchemasFromTheClassPath() {
        String spec =
                "headrace: 1\nname: x\nconfig: {resource: %s}\nconnector: {base_url: '{{ config.url }}'}\nstreams: {a: {request: /a}}\n";

        assertThat(Spec.check("test.yaml", spec.formatted("/dev/headrace/spec/config.json")))
                .isEmpty();
        assertThat(Spec.check("test.yaml", spec.formatted("/dev/headrace/spec/none.json")))
                .containsExactly(new Problem(
                        3,
                        20,
                        "config.resource",
                        "There is no resource /dev/headrace/spec/none.json on the class path"));
    }

    @Test
    void saysWhichSchemaCannotBeRead() throws IOException {
        Files.writeString(directory.resolve("a.json"), "{");
        Files.writeString(directory.resolve("b.yaml"), "type: [\n");
        Files.writeString(directory.resolve("c.json"), "[]");

        assertThat(Spec.check(spec("""
                          a: {request: /a, schema: {file: a.json}}
                          b: {request: /b, schema: {file: b.yaml}}
                          c: {request: /c, schema: {file: c.json}}
                          d: {request: /d, schema: {file: d.json}}
                        """)))
                .extracting(Problem::line, Problem::column, Problem::path)
                .containsExactly(
                        tuple(5, 35, "streams.a.schema.file"),
                        tuple(6, 35, "streams.b.schema.file"),
                        tuple(7, 35, "streams.c.schema.file"),
                        tuple(8, 35, "streams.d.schema.file"));
    }

    @Test
    void saysThatAFileCannotBeRead() throws IOException {
        Path missing = directory.resolve("missing.yaml");
        assertThatThrownBy(() -> Spec.load(missing))
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessage("The spec " + missing + " does not exist");

        Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE4});
        assertThatThrownBy(() -> Spec.load(latin)).hasMessage("The spec " + latin + " is not text in UTF-8");
    }

    @Test
    void saysThatAPathIsNone() throws IOException {
        assertThat(Spec.check(spec("  a: {request: /a, schema: {file: \"a\\0b\"}}\n")))
                .containsExactly(
                        new Problem(5, 35, "streams.a.schema.file", "is no path of a file: Nul character not allowed"));
    }

    @Test
    void readsOnlyRegularFilesOfLimitedSize() throws IOException {
        Files.createDirectory(directory.resolve("a.json"));
        Files.write(directory.resolve("b.json"), new byte[4 * 1024 * 1024 + 1]);

        assertThat(Spec.check(spec("""
                          a: {request: /a, schema: {file: a.json}}
                          b: {request: /b, schema: {file: b.json}}
                        """)))
                .containsExactly(
                        new Problem(
                                5,
                                35,
                                "streams.a.schema.file",
                                "the file " + directory.resolve("a.json") + " is no regular file"),
                        new Problem(
                                6,
                                35,
                                "streams.b.schema.file",
                                "the file " + directory.resolve("b.json") + " is larger than 4 MiB"));
        Path folder = directory.resolve("a.json");
        assertThatThrownBy(() -> Spec.load(folder)).hasMessage("The spec " + folder + " is no regular file");
        Path large = directory.resolve("b.json");
        assertThatThrownBy(() -> Spec.load(large)).hasMessage("The spec " + large + " is larger than 4 MiB");
    }
}
