package dev.headrace.error;

import dev.headrace.http.HttpStatusException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;

/** Does all that the rooms forbid, so that their test can show that it would be noticed. */
public class WrongManager extends RuntimeException {

    private static final long serialVersionUID = 1L;

    void reach(
            HttpStatusException aboveUs,
            JsonMapper mapper,
            CsvMapper csv,
            HttpClient client,
            LoadSettings yaml,
            CommandLine commandLine) {}

    public Flux<ByteBuf> body() {
        return Flux.empty();
    }

    @Nullable
    String waits(Mono<String> text) throws InterruptedException {
        Thread.sleep(1);
        return text.block();
    }
}
