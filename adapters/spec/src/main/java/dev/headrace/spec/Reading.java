package dev.headrace.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One document being read: what it is called, what is wrong with it, and all templates in it. */
final class Reading {

    private final String name;
    private final @Nullable Path directory;
    private final Problems problems;
    private final List<Template> templates = new ArrayList<>();

    /**
     * Begins a reading.
     *
     * @param name how the document is called in messages
     * @param directory where the files lie that it names; null if it must name none
     * @param problems to be added to
     */
    Reading(String name, @Nullable Path directory, Problems problems) {
        this.name = name;
        this.directory = directory;
        this.problems = problems;
    }

    String name() {
        return name;
    }

    Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    Problems problems() {
        return problems;
    }

    /** Remembers a template, for what it refers to can be checked only when everything has been read. */
    void add(Template template) {
        templates.add(template);
    }

    List<Template> templates() {
        return List.copyOf(templates);
    }
}
