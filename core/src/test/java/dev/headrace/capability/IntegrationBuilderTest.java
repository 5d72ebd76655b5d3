package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Source;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Mistakes are told at the line that makes them. */
class IntegrationBuilderTest {

    record Ask(String name) {}

    record Answer(List<String> names) {}

    static class StandardAsk {}

    static class SpecialAsk extends StandardAsk {}

    @SuppressWarnings("ClassCanBeStatic") // that it is not is the point
    class Inner {}

    private static final CapabilityHandler<Object, Object> NEVER = (request, context) -> Mono.never();

    @SuppressWarnings("unchecked")
    private static <I, O> CapabilityHandler<I, O> never() {
        return (CapabilityHandler<I, O>) (CapabilityHandler<?, ?>) NEVER;
    }

    @Test
    void trimsTheId() { // M4
        assertThat(Integration.builder("  acme ").build().id()).isEqualTo("acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "Acme", "1st", "a b", "a.b", "ä"})
    void refusesIdsThatAreNone(String id) { // M4
        assertThatThrownBy(() -> Integration.builder(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + id.strip() + "'");
    }

    @Test
    void refusesASecondCapabilityOfAName() { // M10
        Integration.Builder acme =
                Integration.builder("acme").capability("list_accounts", Ask.class, Answer.class, never());

        assertThatThrownBy(() -> acme.capability("list_accounts", Ask.class, Answer.class, never()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("list_accounts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "listAccounts",
                "list-accounts",
                "_list",
                "list_",
                "list__all",
                "list2",
                "info",
                "read",
                "health",
                "openapi"
            })
    void refusesNamesThatAreNoneOrReserved(String name) { // M47
        assertThatThrownBy(() -> Capability.of(name, Ask.class, Answer.class, never()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                String.class,
                int.class,
                Integer.class,
                List.class,
                Object.class,
                String[].class,
                Inner.class,
                Runnable.class,
                Void.class
            })
    void refusesInputsThatNothingCanBeReadAs(Class<?> input) { // M6
        assertThatThrownBy(() -> Capability.of("list_accounts", input, Answer.class, never()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(input.getName())
                .hasMessageContaining("list_accounts");
    }

    @ParameterizedTest
    @ValueSource(classes = {String.class, int.class, Object.class, String[].class, Void.class})
    void refusesOutputsThatAreNoObjects(Class<?> output) { // M6, M8
        assertThatThrownBy(() -> Capability.of("list_accounts", Ask.class, output, never()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(output.getName());
    }

    @Test
    void takesTreesAndMaps() {
        assertThat(Capability.of("find", JsonNode.class, Map.class, never()).name())
                .isEqualTo("find");
    }

    @Test
    void takesWhatKeepsAContractOrExtendsIt() { // M8, M9, M12, M38
        CapabilityContract<StandardAsk, Answer> contract =
                new CapabilityContract<>("list_accounts", StandardAsk.class, Answer.class);

        Integration acme = Integration.builder("acme")
                .contracts(List.of(contract, new CapabilityContract<>("get_account", Ask.class, Answer.class)))
                .capability("list_accounts", SpecialAsk.class, Answer.class, never())
                .build();

        assertThat(acme.capabilities()).hasSize(1); // M7: others may be missing
    }

    @Test
    void refusesWhatDoesNotKeepItsContract() { // M8, M38
        CapabilityContract<StandardAsk, Answer> contract =
                new CapabilityContract<>("list_accounts", StandardAsk.class, Answer.class);
        Integration.Builder otherInput = Integration.builder("acme")
                .contracts(List.of(contract))
                .capability("list_accounts", Ask.class, Answer.class, never());
        Integration.Builder otherOutput = Integration.builder("acme")
                .contracts(List.of(contract))
                .capability("list_accounts", StandardAsk.class, Ask.class, never());

        assertThatThrownBy(otherInput::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Ask.class.getName())
                .hasMessageContaining(StandardAsk.class.getName());
        assertThatThrownBy(otherOutput::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Answer.class.getName());
    }

    @Test
    void addsWhatModulesHave() { // M49
        IntegrationModule module = integration -> integration
                .capability(
                        "refresh",
                        Ask.class,
                        Answer.class,
                        (request, context) -> Mono.just(CapabilityResponse.of(new Answer(List.of("module")))))
                .capability("revoke", Ask.class, Answer.class, never());

        Integration acme = Integration.builder("acme")
                .module(module)
                .capability(
                        "refresh",
                        Ask.class,
                        Answer.class,
                        (request, context) -> Mono.just(CapabilityResponse.of(new Answer(List.of("own")))))
                .build();

        assertThat(acme.capabilities()).extracting(Capability::name).containsExactly("refresh", "revoke");
        assertThat(acme.dispatch("refresh", "{}").block()).contains("own").doesNotContain("module");
    }

    @Test
    void takesTheFirstOfTwoModulesThatHaveTheSameCapability() {
        IntegrationModule module = integration -> integration.capability("refresh", Ask.class, Answer.class, never());

        Integration acme =
                Integration.builder("acme").module(module).module(module).build();

        assertThat(acme.capabilities()).hasSize(1);
    }

    @Test
    void refusesAConnectorWithoutStreams() {
        Integration.Builder connectorOnly = Integration.builder("acme").connector(context -> {
            throw new AssertionError("not asked for");
        });

        assertThatThrownBy(connectorOnly::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no streams");
    }

    private static RecordStream<JsonNode> users() {
        return RecordStream.of("users", Endpoint.get("/users").items(JsonNode.class));
    }

    @Test
    void refusesStreamsWithoutAConnector() {
        Integration.Builder streamsOnly = Integration.builder("acme").stream(users());

        assertThatThrownBy(streamsOnly::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no connector");
    }

    @Test
    void refusesStreamsBesideASource() {
        Source source =
                Source.builder("acme")
                        .connector(config ->
                                Connector.builder("http://127.0.0.1:1").build())
                        .stream(users())
                        .build();
        Integration.Builder both = Integration.builder("acme").source(source).stream(users());

        assertThatThrownBy(both::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("put them into the source");
    }

    @Test
    void takesModulesOfModulesAndIsMadeOnce() {
        IntegrationModule inner = integration -> integration.capability("refresh", Ask.class, Answer.class, never());
        Integration.Builder builder = Integration.builder("acme").module(integration -> integration.module(inner));

        assertThat(builder.build().capabilities()).extracting(Capability::name).containsExactly("refresh");
        assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void printsNoInput() {
        assertThat(CapabilityRequest.of(new Ask("hunter2"))
                        .page(new Paging("hunter2", 3))
                        .toString())
                .doesNotContain("hunter2");
    }
}
