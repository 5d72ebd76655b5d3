package dev.headrace.spring;

import dev.headrace.http.Secret;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A secret as it was given: by its value, or by the file that holds it, which may be rotated. */
final class GivenSecret {

    private final PropertyPath path;
    private final @Nullable Secret value;
    private final @Nullable Path file;

    private GivenSecret(PropertyPath path, @Nullable Secret value, @Nullable Path file) {
        this.path = path;
        this.value = value;
        this.file = file;
    }

    /** One of the two; both, or neither, are refused. */
    static GivenSecret of(PropertyPath path, String key, @Nullable Secret value, @Nullable Path file) {
        path.onlyOne(key, value, key + "-file", file);
        if (value == null && file == null) {
            throw path.at(key).refused("It, or " + path.at(key + "-file").name() + ", must be set");
        }
        return new GivenSecret(path.at(value == null ? key + "-file" : key), value, file);
    }

    /** What is made of it, told when it fails by which property. A file is read anew for every request. */
    <R> R into(Function<? super Secret, ? extends R> constant, Function<? super Mono<Secret>, ? extends R> changing) {
        return path.attempt(() -> value != null ? constant.apply(value) : changing.apply(later()));
    }

    /** The secret whenever it is asked for. */
    Mono<Secret> later() {
        if (value != null) {
            return Mono.just(value);
        }
        return file == null ? Mono.empty() : Secret.readEachTime(file);
    }

    /** The secret of this moment. Blocks while its file is read. */
    Secret now() {
        return path.attempt(() -> value != null ? value : Secret.file(Objects.requireNonNull(file)));
    }
}
