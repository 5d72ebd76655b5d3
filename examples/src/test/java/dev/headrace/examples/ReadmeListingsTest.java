package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README and the guide show compiles: each of their Java listings is, line by line, part of an example or of a test here. */
class ReadmeListingsTest {

    private static final Path MODULE = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
    private static final Pattern JAVA_BLOCK =
            Pattern.compile("^```java\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void everyListingIsPartOfAnExample() throws IOException {
        Path readme = MODULE.resolve("../README.md");
        List<String> listings = Files.exists(readme) ? listings(Files.readString(readme)) : List.of();
        assumeFalse(listings.isEmpty(), "README.md has no Java listing yet");

        List<List<String>> examples = examples();

        assertThat(listings).allMatch(listing -> isPartOfOne(examples, listing), "is part of an example");
    }

    @Test
    void everyListingOfTheGuideIsPartOfAnExample() throws IOException {
        List<List<String>> examples = examples();
        try (Stream<Path> pages = Files.list(MODULE.resolve("../docs"))) {
            List<Path> guide =
                    pages.filter(page -> page.toString().endsWith(".md")).toList();
            assertThat(guide).isNotEmpty();
            for (Path page : guide) {
                assertThat(listings(Files.readString(page)))
                        .as("%s", page.getFileName())
                        .allMatch(listing -> isPartOfOne(examples, listing), "is part of an example");
            }
        }
    }

    @Test
    void indentationImportsAndBlankLinesDoNotCount() {
        List<String> example = code("package a;\nimport b.C;\n\nclass D {\n    int e;\n\n    int f;\n}\n");

        assertThat(isPartOfOne(List.of(example), "import b.C;\n\nint e;\nint f;\n"))
                .isTrue();
        assertThat(isPartOfOne(List.of(example), "int e;\nint g;\n")).isFalse();
        assertThat(isPartOfOne(List.of(example), "class D {\nint f;\n")).isFalse();
    }

    @Test
    void listingsAreTheBlocksMarkedAsJava() {
        assertThat(listings("# A\n```java\nint a;\n```\n```sh\nmvn\n```\n```java\nint b;\n```\n"))
                .containsExactly("int a;\n", "int b;\n");
    }

    private static List<String> listings(String markdown) {
        return JAVA_BLOCK
                .matcher(markdown)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static List<List<String>> examples() throws IOException {
        List<List<String>> examples = new ArrayList<>();
        for (String sources :
                List.of("src/main/java", "src/test/java", "dashboard/src/main/java", "dashboard/src/test/java")) {
            try (Stream<Path> files = Files.walk(MODULE.resolve(sources))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    examples.add(code(Files.readString(file)));
                }
            }
        }
        return examples;
    }

    private static boolean isPartOfOne(List<List<String>> examples, String listing) {
        List<String> lines = code(listing);
        return examples.stream().anyMatch(example -> Collections.indexOfSubList(example, lines) >= 0);
    }

    /** The lines that say something: without indentation, blank ones, imports and the package. */
    private static List<String> code(String source) {
        return source.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("import ") && !line.startsWith("package "))
                .toList();
    }
}
