package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TickCodecTest {

    private final Codec<Tick> codec = new TickCodec();
    private final Codec<Tick> jackson = Codec.of(Tick.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"symbol\":\"HRA\",\"price\":101.25,\"size\":300,\"at\":1795000000000}",
                "{\"at\":-1,\"size\":0,\"price\":3,\"symbol\":\"\\u00e9\"}",
                " { \"symbol\" : \"A\" , \"more\":[{}], \"price\":1e2,\"size\":1,\"at\":2 } "
            })
    void readsWhatJacksonReads(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);

        assertThat(codec.decode(text, 0, text.length)).isEqualTo(jackson.decode(text, 0, text.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"symbol\":\"A\",\"price\":1,\"size\":1}",
                "[1]",
                "{\"symbol\":\"A\",\"price\":1,\"size\":1,\"at\":2}x"
            })
    void refusesWhatIsNoTick(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> codec.decode(text, 0, text.length)).isInstanceOf(DecodingException.class);
    }
}
