package dev.headrace.cli;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.observe.WireLog;
import dev.headrace.spec.Spec;
import dev.headrace.state.StateStore;
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
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The record streams of a YAML spec: records, checkpoints and notices, one JSON object a line. */
@Command(
        name = "read",
        description =
                "Reads the record streams of a YAML spec, and writes records, checkpoints and notices, one JSON object a line.",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class ReadCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "SPEC", description = "The YAML file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path spec;

    @Parameters(index = "1..*", paramLabel = "STREAM", description = "Streams to read, in this order. Default: all.")
    private List<String> streams = new ArrayList<>();

    @Option(
            names = "--stream",
            paramLabel = "STREAM",
            description = "A stream to read, besides those that were named; may be given more than once.")
    private List<String> more = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration, a JSON object. Default: {}.")
    private @Nullable Path config;

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

    @Option(
            names = {RequestOptions.VERBOSE, "--verbose"},
            description =
                    "Writes what is sent and received, without secrets, to standard error, and how a failure came about.")
    private boolean verbose;

    ReadCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (take != null && take < 0) {
            throw new IllegalArgumentException("--take must not be negative, but is " + take);
        }
        Source source = Spec.load(spec).host(this::watched).source();
        StateFile kept = state == null ? null : new StateFile(state);
        JsonNode configuration = configuration();
        Flux<Message<JsonNode>> messages =
                source.read(configuration, kept == null ? null : kept.load(shell), selection(source, configuration));
        Flux<Line> lines = ended(messages)
                // The command line has been read by now: what does not fit comes from spec, configuration or state.
                .onErrorMap(
                        IllegalArgumentException.class,
                        wrong -> new HeadraceException(
                                FailureKind.CONFIGURATION, spec + " cannot be read: " + wrong.getMessage(), wrong))
                .map(message -> new Line(message, message.json()));
        shell.write(
                lines,
                (out, line) -> {
                    out.writeLine(Json.write(line.json()));
                    if (kept != null && line.message() instanceof Checkpoint<JsonNode> checkpoint) {
                        kept.written(checkpoint);
                    }
                },
                kept == null ? () -> {} : kept::save);
        return ExitCode.DONE.code();
    }

    /** What a message says, and the message. */
    private record Line(Message<JsonNode> message, JsonNode json) {}

    private Connector.Builder watched(Connector.Builder connector) {
        return verbose ? connector.wireLog(WireLog.to(shell.err()::println)) : connector;
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

    private List<StreamSelection> selection(Source source, JsonNode configuration) {
        List<String> named = Stream.concat(streams.stream(), more.stream()).toList();
        if (named.isEmpty() && fullRefresh) {
            named = shell.await(
                    source.discover(configuration).map(StreamDescription::name).collectList());
        }
        SyncMode mode = fullRefresh ? SyncMode.FULL_REFRESH : SyncMode.INCREMENTAL;
        return named.stream().map(name -> new StreamSelection(name, mode)).toList();
    }

    private JsonNode configuration() {
        return config == null
                ? JsonNodeFactory.instance.objectNode()
                : JsonFile.read(config, "configuration", "--config");
    }

    /** The file that keeps the state. It is saved when the checkpoint's line has left this process, never before. */
    private static final class StateFile {

        private static final String KEY = "state";

        private final StateStore store;
        private @Nullable Checkpoint<JsonNode> last;

        StateFile(Path file) {
            store = StateStore.inFile(file);
        }

        @Nullable
        JsonNode load(Shell shell) {
            List<JsonNode> found = new ArrayList<>();
            shell.write(store.load(KEY), (out, json) -> found.add(json));
            return found.isEmpty() ? null : found.get(0);
        }

        void written(Checkpoint<JsonNode> checkpoint) {
            last = checkpoint;
        }

        void save() {
            Checkpoint<JsonNode> checkpoint = last;
            if (checkpoint != null) {
                last = null;
                store.save(KEY, checkpoint.state()).block();
            }
        }
    }
}
