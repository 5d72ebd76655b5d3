package dev.headrace.stream;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Where a {@link RecordCache} puts records. */
interface RecordShelf<T> {

    /** Begins anew beside what is kept. */
    Mono<Writer<T>> open();

    /** What is kept. */
    Flux<StreamRecord<T>> records();

    Mono<Void> clear();

    /** Takes records, and keeps all of them or none. */
    interface Writer<T> {

        Mono<Void> add(StreamRecord<T> record);

        Mono<Void> keep();

        Mono<Void> close();
    }

    static <T> RecordShelf<T> inMemory() {
        return new InMemory<>();
    }

    static <T> RecordShelf<T> onDisk(Path file, Class<T> type) {
        return new OnDisk<>(file.toAbsolutePath(), type);
    }

    /** A list. */
    final class InMemory<T> implements RecordShelf<T> {

        private volatile List<StreamRecord<T>> kept = List.of();

        @Override
        public Mono<Writer<T>> open() {
            return Mono.fromSupplier(() -> new Writer<>() {

                private final List<StreamRecord<T>> records = new ArrayList<>();

                @Override
                public Mono<Void> add(StreamRecord<T> record) {
                    return Mono.fromRunnable(() -> records.add(record));
                }

                @Override
                public Mono<Void> keep() {
                    return Mono.fromRunnable(() -> kept = records);
                }

                @Override
                public Mono<Void> close() {
                    return Mono.empty();
                }
            });
        }

        @Override
        public Flux<StreamRecord<T>> records() {
            return Flux.defer(() -> Flux.fromIterable(kept));
        }

        @Override
        public Mono<Void> clear() {
            return Mono.fromRunnable(() -> kept = List.of());
        }
    }

    /** A file of lines, which takes its name when it is whole. */
    final class OnDisk<T> implements RecordShelf<T> {

        private final Path file;
        private final Class<T> type;

        OnDisk(Path file, Class<T> type) {
            this.file = file;
            this.type = Objects.requireNonNull(type, "type");
        }

        private <R> Mono<R> onDisk(String what, Callable<R> work) {
            return Mono.fromCallable(work)
                    .onErrorMap(IOException.class, failure -> failed(what, failure))
                    .subscribeOn(Schedulers.boundedElastic());
        }

        private HeadraceException failed(String what, IOException failure) {
            return new HeadraceException(
                    FailureKind.LOCAL, "Cannot " + what + " the cached records in " + file + ": " + failure, failure);
        }

        @Override
        public Mono<Writer<T>> open() {
            return onDisk("write", () -> {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Path part = Files.createTempFile(file.getParent(), file.getFileName() + ".", ".part");
                return new LineWriter(part, Files.newBufferedWriter(part));
            });
        }

        private final class LineWriter implements Writer<T> {

            private final Path part;
            private final BufferedWriter writer;

            LineWriter(Path part, BufferedWriter writer) {
                this.part = part;
                this.writer = writer;
            }

            @Override
            public Mono<Void> add(StreamRecord<T> record) {
                return onDisk("write", () -> {
                            writer.write(Json.writeText(json(record)));
                            writer.write('\n');
                            return true;
                        })
                        .then();
            }

            @Override
            public Mono<Void> keep() {
                return onDisk("write", () -> {
                            writer.close();
                            return Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
                        })
                        .then();
            }

            @Override
            public Mono<Void> close() {
                return onDisk("write", () -> {
                            writer.close();
                            return Files.deleteIfExists(part);
                        })
                        .then();
            }
        }

        private ObjectNode json(StreamRecord<T> record) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("stream", record.stream());
            json.set("slice", record.slice().json());
            json.set("data", Json.node(record.data()));
            return json;
        }

        @Override
        public Flux<StreamRecord<T>> records() {
            return Flux.using(
                            () -> Files.newBufferedReader(file),
                            reader -> Flux.<StreamRecord<T>>generate(sink -> {
                                try {
                                    String line = reader.readLine();
                                    if (line == null) {
                                        sink.complete();
                                    } else {
                                        sink.next(record(Json.tree(line)));
                                    }
                                } catch (IOException e) {
                                    sink.error(failed("read", e));
                                }
                            }),
                            OnDisk::close)
                    .onErrorMap(IOException.class, failure -> failed("read", failure))
                    .subscribeOn(Schedulers.boundedElastic());
        }

        private static void close(BufferedReader reader) {
            try {
                reader.close();
            } catch (IOException e) {
                // It was only read.
            }
        }

        private StreamRecord<T> record(JsonNode json) {
            return new StreamRecord<>(
                    json.path("stream").stringValue(""),
                    Json.read(json.path("data"), type),
                    Slice.of(json.path("slice")));
        }

        @Override
        public Mono<Void> clear() {
            return onDisk("delete", () -> Files.deleteIfExists(file)).then();
        }
    }
}
