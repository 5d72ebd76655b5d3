package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeChatCompletionsTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String QUESTION =
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello?\"}]}";
    private static final FakeChatCompletions CHAT = FakeChatCompletions.answering("Hi", " \"you\"");

    @Test
    void answersInDeltas() throws Exception {
        // A copy of its own, whose requests are counted from the beginning.
        try (TestServer server = CHAT.delivered(feed -> feed).start()) {
            HttpResponse<String> answer = Client.post(server.uri(PATH), QUESTION);
            String head = "data:"
                    + " {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":";
            assertThat(answer.body())
                    .isEqualTo(head + "{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n"
                            + head + "{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n"
                            + head + "{\"content\":\" \\\"you\\\"\"},\"finish_reason\":null}]}\n\n"
                            + head + "{},\"finish_reason\":\"stop\"}]}\n\n"
                            + "data: [DONE]\n\n");
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(answer.headers().firstValue("x-request-id")).hasValue("req_1");
            assertThat(answer.headers().firstValue("x-ratelimit-reset-tokens")).hasValue("6m0s");
        }
    }

    @Test
    void saysWhatWasUsedIfItIsAsked() throws Exception {
        try (TestServer server = CHAT.start()) {
            String asking = QUESTION.replace("{\"model", "{\"stream_options\":{\"include_usage\":true},\"model");
            assertThat(data(Client.post(server.uri(PATH), asking)).get(4))
                    .contains(
                            "\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}");
        }
    }

    @Test
    void givesTheArgumentsOfToolsByTurns() throws Exception {
        FakeChatCompletions calling = FakeChatCompletions.answering()
                .calling("weather", "{\"ci", "ty\":\"Oslo\"}")
                .calling("time", "{}");
        try (TestServer server = calling.start()) {
            Map<Integer, String> arguments = new TreeMap<>();
            List<String> events = data(Client.post(server.uri(PATH), QUESTION));
            for (String event : events) {
                JsonNode call = JsonText.read(event).at("/choices/0/delta/tool_calls/0");
                if (!call.isMissingNode()) {
                    arguments.merge(
                            call.path("index").asInt(),
                            call.at("/function/arguments").asString(""),
                            String::concat);
                }
            }
            assertThat(arguments).containsExactly(Map.entry(0, "{\"city\":\"Oslo\"}"), Map.entry(1, "{}"));
            assertThat(events.get(4)).contains("\"index\":1");
            assertThat(events.get(5)).contains("\"index\":0");
            assertThat(events.get(6)).contains("\"finish_reason\":\"tool_calls\"");
        }
    }

    @Test
    void refusesWhatIsNoQuestion() throws Exception {
        try (TestServer server = CHAT.start()) {
            for (String[] wrong : new String[][] {
                {"what", "model"},
                {"{\"model\":\"m\",\"stream\":true}", "messages"},
                {"{\"model\":\"m\",\"stream\":true,\"messages\":[]}", "messages"},
                {QUESTION.replace("role", "roll"), "messages"},
                {QUESTION.replace("true", "false"), "stream"}
            }) {
                HttpResponse<String> refused = Client.post(server.uri(PATH), wrong[0]);
                assertThat(refused.statusCode()).as(wrong[0]).isEqualTo(400);
                assertThat(refused.body()).contains("\"param\":\"" + wrong[1] + "\"", "invalid_request_error");
            }
            assertThat(Client.get(server.uri(PATH)).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void endsInEveryWay() throws Exception {
        try (TestServer undone = CHAT.withoutDone().start();
                TestServer broken = CHAT.errorAfter(2).start();
                TestServer cut = CHAT.cuttingJsonOf(2).start();
                TestServer early = CHAT.delivered(feed -> feed.hangUpAfter(1)).start();
                TestServer lax = CHAT.delivered(feed -> feed.withoutSpaces().withoutLastBlankLine())
                        .start()) {
            assertThat(data(Client.post(undone.uri(PATH), QUESTION)))
                    .hasSize(4)
                    .last()
                    .asString()
                    .contains("\"stop\"");
            assertThat(data(Client.post(broken.uri(PATH), QUESTION)))
                    .hasSize(3)
                    .last()
                    .asString()
                    .startsWith("{\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\"");
            assertThat(data(Client.post(cut.uri(PATH), QUESTION)))
                    .hasSize(5)
                    .element(1)
                    .satisfies(half -> assertThat(JsonText.read(half)).isEmpty());
            assertThat(data(Client.post(early.uri(PATH), QUESTION))).hasSize(1);
            assertThat(Client.post(lax.uri(PATH), QUESTION).body())
                    .startsWith("data:{")
                    .endsWith("\n\ndata:[DONE]\n");
        }
    }

    @Test
    void refusesForNowAndForGood() throws Exception {
        FakeChatCompletions refusing = CHAT.rateLimited()
                .header("Retry-After", "2")
                .onRequest(1)
                .once()
                .outOfQuota()
                .onRequest(2)
                .once()
                .failing(500)
                .onRequest(3)
                .once();
        try (TestServer server = refusing.start()) {
            HttpResponse<String> limited = Client.post(server.uri(PATH), QUESTION);
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("Retry-After")).hasValue("2");
            assertThat(limited.body()).contains("\"code\":\"rate_limit_exceeded\"");
            HttpResponse<String> unpaid = Client.post(server.uri(PATH), QUESTION);
            assertThat(unpaid.statusCode()).isEqualTo(429);
            assertThat(unpaid.body()).contains("\"code\":\"insufficient_quota\"");
            assertThat(Client.post(server.uri(PATH), QUESTION).statusCode()).isEqualTo(500);
            assertThat(Client.post(server.uri(PATH), QUESTION).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void saysWhatIsLeftOfTheLimit() throws Exception {
        ManualClock clock = new ManualClock();
        try (TestServer server = CHAT.limit(1, Duration.ofMinutes(7), clock).start()) {
            assertThat(Client.post(server.uri(PATH), QUESTION).headers().firstValue("x-ratelimit-reset-requests"))
                    .hasValue("7m0s");
            clock.advance(Duration.ofSeconds(370));
            HttpResponse<String> refused = Client.post(server.uri(PATH), QUESTION);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("x-ratelimit-limit-requests"))
                    .hasValue("1");
            assertThat(refused.headers().firstValue("x-ratelimit-remaining-requests"))
                    .hasValue("0");
            assertThat(refused.headers().firstValue("x-ratelimit-reset-requests"))
                    .hasValue("50s");
            clock.advance(Duration.ofSeconds(50));
            assertThat(Client.post(server.uri(PATH), QUESTION).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesSenselessSettings() {
        assertThatIllegalArgumentException().isThrownBy(() -> CHAT.errorAfter(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> CHAT.cuttingJsonOf(0));
        assertThatIllegalArgumentException().isThrownBy(() -> CHAT.limit(0, Duration.ofMinutes(1), new ManualClock()));
    }

    private static List<String> data(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }
}
