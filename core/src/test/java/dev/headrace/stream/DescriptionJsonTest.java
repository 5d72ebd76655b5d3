package dev.headrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.JsonSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DescriptionJsonTest {

    @Test
    void saysAllThatIsKnownOfAStream() {
        StreamDescription issues = new StreamDescription(
                "issues",
                Optional.of("repo"),
                List.of("/number"),
                Optional.of("/updated_at"),
                Set.of(SyncMode.INCREMENTAL, SyncMode.FULL_REFRESH),
                Optional.of(JsonSchema.of("{\"type\":\"object\"}")));

        assertThat(issues.json())
                .hasToString(
                        "{\"name\":\"issues\",\"namespace\":\"repo\",\"key\":[\"/number\"],\"cursor\":\"/updated_at\","
                                + "\"sync_modes\":[\"full_refresh\",\"incremental\"],\"schema\":{\"type\":\"object\"}}");
    }

    @Test
    void saysNullForWhatIsNotKnownOfAStream() {
        StreamDescription issues = new StreamDescription(
                "issues",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Set.of(SyncMode.FULL_REFRESH),
                Optional.empty());

        assertThat(issues.json())
                .hasToString("{\"name\":\"issues\",\"namespace\":null,\"key\":[],\"cursor\":null,"
                        + "\"sync_modes\":[\"full_refresh\"],\"schema\":null}");
    }

    @Test
    void saysWhetherAStreamCanBeRead() {
        assertThat(Availability.YES.json()).hasToString("{\"available\":true,\"reason\":null,\"status_code\":null}");
        assertThat(Availability.no("The token may not read it", 403).json())
                .hasToString("{\"available\":false,\"reason\":\"The token may not read it\",\"status_code\":403}");
    }
}
