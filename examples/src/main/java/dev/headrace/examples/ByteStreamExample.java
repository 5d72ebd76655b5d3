package dev.headrace.examples;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.transfer.ByteStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bytes of a remote file without a disk. The line breaks on the way, and the stream goes on where it was. */
public final class ByteStreamExample {

    private static final int MEBIBYTE = 1024 * 1024;

    private ByteStreamExample() {}

    static Flux<ByteBuffer> bytes(Connector storage, String name, long offset) {
        return ByteStream.from(storage, Request.get("/files/{name}", name))
                .chunkSize(64 * 1024)
                .startAt(offset)
                .bytes();
    }

    /** A checksum needs each chunk only once, so all of them may be views of one array. */
    static Mono<Long> checksum(Connector storage, String name) {
        return ByteStream.from(storage, Request.get("/files/{name}", name))
                .reuseBuffers()
                .bytes()
                .reduceWith(CRC32C::new, (sum, chunk) -> {
                    sum.update(chunk);
                    return sum;
                })
                .map(CRC32C::getValue);
    }

    /**
     * Prints how many bytes have come, at each mebibyte, and then the checksum of all of them.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        Example.print(
                args,
                api -> bytes(api, DemoServer.FILE, 0)
                        .scan(0L, (read, chunk) -> read + chunk.remaining())
                        .filter(read -> read > 0 && read % MEBIBYTE == 0)
                        .map(read -> read / MEBIBYTE + " MiB")
                        .concatWith(checksum(api, DemoServer.FILE).map("CRC-32C %08x"::formatted)));
    }
}
