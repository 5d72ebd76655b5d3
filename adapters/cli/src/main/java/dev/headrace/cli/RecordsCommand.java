package dev.headrace.cli;

import dev.headrace.connector.Endpoint;
import dev.headrace.decode.Decoder;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;

/** Records of all pages, one JSON value a line. */
@Command(
        name = "records",
        description = "Reads records, page after page, and writes one JSON value a line.",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class RecordsCommand implements Callable<Integer> {

    /** What a page's body is. */
    enum Format {
        JSON,
        NDJSON
    }

    private final Shell shell;

    @Mixin
    private final RequestOptions target = new RequestOptions();

    @Mixin
    private final BodyOptions body = new BodyOptions();

    @Mixin
    private final RetryOptions retry = new RetryOptions();

    @Option(
            names = "--items",
            paramLabel = "POINTER",
            description = "JSON pointer to the array of records, such as /data/items. Default: the document itself.")
    private @Nullable String items;

    @Option(
            names = "--items-optional",
            description = "A page without anything at --items has no records; otherwise it is a failure.")
    private boolean itemsOptional;

    @Mixin
    private final PagingOptions paging = new PagingOptions();

    @Option(
            names = "--format",
            paramLabel = "json|ndjson",
            description = "A JSON document, or one JSON value on each line. Default json.")
    private Format format = Format.JSON;

    @Option(names = "--take", paramLabel = "N", description = "Ends after this many records.")
    private @Nullable Long take;

    RecordsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Endpoint<byte[]> endpoint =
                paging.of(Endpoint.of(body.request(target, shell.in())).decode(decoder()));
        if (take != null && take < 0) {
            throw new IllegalArgumentException("--take must not be negative, but is " + take);
        }
        try (Remote remote = target.remote(shell, connector -> connector.retry(retry.policy()))) {
            Flux<byte[]> records = remote.connector().records(endpoint);
            shell.write(take == null ? records : records.take(take), Stdout::writeLine);
        }
        return ExitCode.DONE.code();
    }

    private Decoder<byte[]> decoder() {
        if (format == Format.JSON) {
            Decoder<byte[]> decoder = Decoder.items(items == null ? "" : items, new LineCodec());
            return itemsOptional ? decoder.optional() : decoder;
        }
        if (items != null || itemsOptional) {
            throw new IllegalArgumentException(
                    "--items finds records in a document; --format ndjson has one on each line");
        }
        return Decoder.ndjson(new LineCodec());
    }
}
