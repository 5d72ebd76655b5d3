package dev.headrace.benchmarks;

import dev.headrace.json.Codec;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.module.blackbird.BlackbirdModule;

/** Ways to bind a record from a range of bytes in memory, for the choice of the library's own. No network. */
final class BindingChoice implements Workload {

    private static final List<byte[]> TEXTS = ItemBlock.texts();
    private static final byte[] BYTES = joined();

    @Override
    public String name() {
        return "binding";
    }

    @Override
    public String title() {
        return "One record from a range of bytes in memory, by the ways there are to bind it";
    }

    @Override
    public String item() {
        return "record";
    }

    @Override
    public int items() {
        return 1_000_000;
    }

    @Override
    public List<Contestant> contestants() {
        JacksonModule none = new SimpleModule();
        JacksonModule blackbird = new BlackbirdModule();
        UnaryOperator<JsonFactoryBuilder> asIs = factory -> factory;
        UnaryOperator<JsonFactoryBuilder> threadLocal =
                factory -> factory.recyclerPool(JsonRecyclerPools.threadLocalPool());
        return List.of(
                byRange("ObjectReader", reader(none, asIs)),
                byRange("ObjectReader, thread-local buffers", reader(none, threadLocal)),
                byRange("Blackbird", reader(blackbird, asIs)),
                byRange("Blackbird, thread-local buffers", reader(blackbird, threadLocal)),
                byBlock("ObjectReader, a parser for 100 records", reader(none, asIs)),
                byBlock("Blackbird, a parser for 100 records", reader(blackbird, asIs)),
                byCodec("the library's codec", Codec.of(Item.class)),
                byCodec("own codec", new ItemCodec()));
    }

    @Override
    public Tally expected(Knobs knobs) {
        return ItemBlock.expected(knobs);
    }

    @Override
    public @Nullable DisposableServer serve(Knobs knobs) {
        return null;
    }

    /** With the features that the library's mapper has. */
    private static ObjectReader reader(JacksonModule module, UnaryOperator<JsonFactoryBuilder> change) {
        return JsonMapper.builder(change.apply(JsonFactory.builder()).build())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .addModule(module)
                .build()
                .readerFor(Item.class);
    }

    private static Contestant byRange(String name, ObjectReader reader) {
        return byCodec(name, (bytes, from, to) -> reader.readValue(bytes, from, to - from));
    }

    private static Contestant byCodec(String name, Codec<Item> codec) {
        return Contestant.of(name, (url, knobs) -> () -> {
            Tally.Counter counter = new Tally.Counter();
            for (int block = 0; block < ItemBlock.blocks(knobs); block++) {
                int from = 0;
                for (byte[] text : TEXTS) {
                    counter.add(codec.decode(BYTES, from, from + text.length).checksum());
                    from += text.length;
                }
            }
            return counter.result();
        });
    }

    private static Contestant byBlock(String name, ObjectReader one) {
        ObjectReader reader = one.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        return Contestant.of(name, (url, knobs) -> () -> {
            Tally.Counter counter = new Tally.Counter();
            for (int block = 0; block < ItemBlock.blocks(knobs); block++) {
                try (JsonParser parser = reader.createParser(BYTES, 0, BYTES.length)) {
                    while (parser.nextToken() != null) {
                        counter.add(reader.<Item>readValue(parser).checksum());
                    }
                }
            }
            return counter.result();
        });
    }

    private static byte[] joined() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TEXTS.forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }
}
