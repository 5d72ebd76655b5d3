package dev.headrace.cli;

import dev.headrace.capability.Integration;
import dev.headrace.capability.IntegrationProvider;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** A jar with an integration in it, which it names as a service. What the jar and the command both hold is the command's. */
final class IntegrationJar implements AutoCloseable {

    private final Path file;
    private final URLClassLoader loader;

    private IntegrationJar(Path file, URLClassLoader loader) {
        this.file = file;
        this.loader = loader;
    }

    static IntegrationJar open(Path file) {
        if (!Files.isReadable(file)) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION, file + " does not exist or cannot be read; check its name", null);
        }
        try {
            return new IntegrationJar(
                    file, new URLClassLoader(new URL[] {file.toUri().toURL()}, IntegrationJar.class.getClassLoader()));
        } catch (MalformedURLException e) {
            throw wrong(file, "cannot be opened", e);
        }
    }

    /** The integration; its jar must stay open while it is used. */
    Integration integration() {
        try {
            return provider().integration();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw wrong(
                    file,
                    "names an integration that cannot be made (" + e.getClass().getSimpleName()
                            + "); it may have been built for another version of headrace, " + HeadraceVersion.current()
                            + " is this one",
                    e);
        } catch (IllegalArgumentException e) {
            throw wrong(file, "has an integration that cannot be made: " + e.getMessage(), e);
        }
    }

    private IntegrationProvider provider() {
        List<ServiceLoader.Provider<IntegrationProvider>> providers =
                ServiceLoader.load(IntegrationProvider.class, loader).stream()
                        .filter(provider -> provider.type().getClassLoader() == loader)
                        .toList();
        if (providers.size() != 1) {
            throw wrong(
                    file,
                    "names " + (providers.isEmpty() ? "no integration" : providers.size() + " integrations")
                            + "; META-INF/services/" + IntegrationProvider.class.getName()
                            + " in it must name exactly one class",
                    null);
        }
        return providers.get(0).get();
    }

    private static HeadraceException wrong(Path file, String what, @Nullable Throwable cause) {
        return new HeadraceException(FailureKind.CONFIGURATION, file + " " + what, cause);
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            // It was only read.
        }
    }
}
