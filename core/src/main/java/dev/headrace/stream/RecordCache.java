package dev.headrace.stream;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * Keeps the records of one stream, so that they are asked for once however often the stream is read: as a parent of several others, say.
 * Shared by whoever it was given to; safe for several threads.
 *
 * <p>The first reading goes to the remote and is kept once it has completed; another that comes meanwhile waits for it, and takes over if
 * it fails, is cancelled, or leaves out a slice that failed. Notices are not kept. It lives until {@link #clear()}.
 *
 * <p>It belongs to one stream of one remote with one configuration and one set of credentials: whoever shares it sees what the first reader
 * may see.
 *
 * @param <T> the type of the records
 */
public final class RecordCache<T> {

    private final RecordShelf<T> shelf;
    private final AtomicReference<@Nullable Filling> filling = new AtomicReference<>();
    private final AtomicReference<@Nullable String> owner = new AtomicReference<>();

    /** A reading that is kept, or was. Says whether it has been, when it is over. */
    private static final class Filling {

        private final Sinks.One<Boolean> over = Sinks.one();
        private final AtomicBoolean decided = new AtomicBoolean();
        private final AtomicBoolean incomplete = new AtomicBoolean();
    }

    private RecordCache(RecordShelf<T> shelf) {
        this.shelf = shelf;
    }

    /**
     * A cache in memory.
     *
     * @param <T> the type of the records
     * @return an empty cache
     */
    public static <T> RecordCache<T> inMemory() {
        return new RecordCache<>(RecordShelf.inMemory());
    }

    /**
     * A cache in a file, one JSON value a line. It is made anew by the first reading, and not read by another process.
     *
     * @param file where it is; it and its directory are made when they are needed, on {@code boundedElastic}
     * @param type the records' class, which Jackson can write and read
     * @param <T> the type of the records
     * @return an empty cache; calling this touches no file
     */
    public static <T> RecordCache<T> onDisk(Path file, Class<T> type) {
        return new RecordCache<>(RecordShelf.onDisk(file, type));
    }

    /**
     * Forgets the records; the next reading goes to the remote again. A reading that is under way goes on.
     *
     * @return completes when they are forgotten, and a file is deleted
     */
    public Mono<Void> clear() {
        return Mono.defer(() -> {
            filling.set(null);
            return shelf.clear();
        });
    }

    /** What a stream gives, from here if it is kept, and kept if it is not. */
    Flux<Message<T>> through(String stream, Flux<Message<T>> messages, JsonNode end) {
        // At the first request, or a reader that asks for nothing would keep all others waiting.
        return Flux.just(stream)
                .hide()
                .concatMap(
                        name -> {
                            String first = owner.compareAndExchange(null, stream);
                            if (first != null && !first.equals(stream)) {
                                return Flux.error(new IllegalArgumentException("The cache holds records of stream '"
                                        + first + "', and cannot hold those of '" + stream + "'"));
                            }
                            Filling mine = new Filling();
                            Filling other = filling.compareAndExchange(null, mine);
                            return other == null
                                    ? filled(mine, messages)
                                    : other.over
                                            .asMono()
                                            .flux()
                                            .concatMap(
                                                    kept -> kept && filling.get() == other
                                                            ? shelf.records()
                                                                    .<Message<T>>map(record -> record)
                                                                    .concatWith(Mono.fromSupplier(
                                                                            () -> Checkpoint.of(stream, end)))
                                                            : through(stream, messages, end),
                                                    0);
                        },
                        0);
    }

    private Flux<Message<T>> filled(Filling mine, Flux<Message<T>> messages) {
        return Flux.usingWhen(
                        shelf.open(),
                        writer -> messages.concatMap(message -> written(mine, writer, message), 0)
                                .concatWith(Mono.defer(() -> kept(mine, writer)).then(Mono.empty())),
                        RecordShelf.Writer::close,
                        (writer, failure) -> writer.close(),
                        RecordShelf.Writer::close)
                // Outside, for it may also fail or be cancelled before there is a writer.
                .doFinally(signal -> over(mine, false));
    }

    private Mono<Message<T>> written(Filling mine, RecordShelf.Writer<T> writer, Message<T> message) {
        if (message instanceof Notice<T> notice && notice.kind() == Notice.Kind.SLICE_FAILED) {
            mine.incomplete.set(true);
        }
        return message instanceof StreamRecord<T> record ? writer.add(record).thenReturn(message) : Mono.just(message);
    }

    private Mono<Void> kept(Filling mine, RecordShelf.Writer<T> writer) {
        return mine.incomplete.get() || filling.get() != mine
                ? Mono.empty()
                : writer.keep().doOnSuccess(kept -> over(mine, true));
    }

    private void over(Filling mine, boolean kept) {
        if (mine.decided.compareAndSet(false, true)) {
            if (!kept) {
                filling.compareAndSet(mine, null);
            }
            mine.over.tryEmitValue(kept);
        }
    }

    @Override
    public String toString() {
        return "RecordCache[" + Objects.requireNonNullElse(owner.get(), "empty") + "]";
    }
}
