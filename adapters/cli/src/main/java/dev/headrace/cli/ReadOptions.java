package dev.headrace.cli;

import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Message;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamDescription;
import dev.headrace.stream.StreamRecord;
import dev.headrace.stream.StreamSelection;
import dev.headrace.stream.SyncMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;
import tools.jackson.databind.JsonNode;

/** How streams are read, wherever their source is from. */
final class ReadOptions {

    @Option(
            names = "--stream",
            paramLabel = "STREAM",
            description = "A stream to read, besides those that were named; may be given more than once.")
    private List<String> more = new ArrayList<>();

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "Goes on from the state in the file, and keeps the state of the last checkpoint written there,"
                            + " so that the next run goes on. It need not be there the first time.")
    private @Nullable Path state;

    @Option(names = "--full-refresh", description = "Reads everything, though a stream may be incremental.")
    private boolean fullRefresh;

    @Option(names = "--take", paramLabel = "N", description = "Ends after this many records.")
    private @Nullable Long take;

    /** Refuses what cannot be meant, before anything else is looked at. */
    void check() {
        if (take != null && take < 0) {
            throw new IllegalArgumentException("--take must not be negative, but is " + take);
        }
    }

    /**
     * Reads streams of a source, and writes each message as a line.
     *
     * @param source what to read
     * @param failures how they are told
     * @param streams those that were named; with those of the option, none means all
     * @param context of the subscriber
     */
    int read(
            Source source,
            StreamFailures failures,
            List<String> streams,
            Function<Context, Context> context,
            Shell shell) {
        check();
        List<String> named = Stream.concat(streams.stream(), more.stream()).toList();
        if (named.stream().anyMatch(JsonFile::isDocument)) {
            throw new IllegalArgumentException(
                    "an argument is JSON and names no stream; give the configuration with --config or --config-env");
        }
        StateFile kept = state == null ? null : new StateFile(state);
        JsonNode configuration = config.configuration(source, shell);
        List<StreamSelection> selection = selection(source, failures, configuration, named, shell);
        Flux<Message<JsonNode>> messages =
                source.read(configuration, kept == null ? null : kept.load(shell), selection);
        Flux<Message<JsonNode>> told =
                ended(messages).onErrorResume(failures.with(configuration)).contextWrite(context);
        new MessageLines(kept).write(told, shell);
        return ExitCode.DONE.code();
    }

    private Flux<Message<JsonNode>> ended(Flux<Message<JsonNode>> messages) {
        if (take == null) {
            return messages;
        }
        long most = take;
        AtomicLong records = new AtomicLong();
        // With the checkpoint behind the last record, if there is one: the next run goes on there.
        return most == 0
                ? Flux.empty()
                : messages.takeWhile(message -> message instanceof Checkpoint<JsonNode> || records.get() < most)
                        .doOnNext(message -> records.addAndGet(message instanceof StreamRecord<JsonNode> ? 1 : 0))
                        .takeUntil(message -> message instanceof Checkpoint<JsonNode> && records.get() >= most);
    }

    private List<StreamSelection> selection(
            Source source, StreamFailures failures, JsonNode configuration, List<String> streams, Shell shell) {
        List<String> named = streams;
        if (named.isEmpty() && fullRefresh) {
            named = shell.await(source.discover(configuration)
                    .map(StreamDescription::name)
                    .collectList()
                    .onErrorResume(failures.with(configuration)));
        }
        SyncMode mode = fullRefresh ? SyncMode.FULL_REFRESH : SyncMode.INCREMENTAL;
        return named.stream().map(name -> new StreamSelection(name, mode)).toList();
    }
}
