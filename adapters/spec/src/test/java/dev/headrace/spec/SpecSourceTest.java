package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.json.SchemaViolationException;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Message;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamRecord;
import dev.headrace.stream.StreamSelection;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Sources made of specs, read from servers. */
class SpecSourceTest {

    private static Source source(TestServer server, String yaml) {
        return Spec.parse("test.yaml", yaml.replace("$URL", server.url()))
                .secrets(name -> Secret.of("value-of-" + name))
                .source();
    }

    private static List<Message<JsonNode>> read(Source source, String config, @Nullable JsonNode state) {
        return Objects.requireNonNull(
                source.read(Json.tree(config), state).collectList().block(Duration.ofSeconds(20)));
    }

    private static List<JsonNode> records(List<Message<JsonNode>> messages) {
        List<JsonNode> records = new ArrayList<>();
        for (Message<JsonNode> message : messages) {
            if (message instanceof StreamRecord<JsonNode> record) {
                records.add(record.data());
            }
        }
        return records;
    }

    private static JsonNode lastState(List<Message<JsonNode>> messages) {
        return ((Checkpoint<JsonNode>) messages.get(messages.size() - 1)).state();
    }

    private static List<String> uris(TestServer server) {
        return server.requests().stream().map(RecordedRequest::uri).toList();
    }

    /** Answers every request with the same JSON. */
    private static Route json(String body) {
        return Route.fixed(200, "application/json", body);
    }

    @Test
    void readsPagesIncrementallyInSlicesOfAParentThatIsReadOnce() {
        FakeRepositories github = FakeRepositories.of(3, 25);
        try (TestServer server = github.start()) {
            Source source = source(server, """
                    headrace: 1
                    name: github
                    config: {type: object, properties: {start: {type: string}}, additionalProperties: false}
                    connector: {base_url: $URL}
                    streams:
                      issues:
                        request: {path: "/repos/{owner}/{repo}/issues", query: {sort: updated, per_page: 10}}
                        pagination: link
                        key: [repository, number]
                        parents: {stream: repositories, values: {owner: owner.login, repo: name}, cached: memory}
                        cursor:
                          datetime: updated_at
                          starting_at: "{{ config.start }}"
                          into: {query: since}
                      again:
                        request: {path: "/repos/{owner}/{repo}/issues", query: {per_page: 100}}
                        parents: {stream: repositories, values: {owner: owner.login, repo: name}, cached: memory}
                      repositories:
                        request: {path: /user/repos, query: {per_page: 2}}
                        pagination: link
                        key: id
                    """);

            List<Message<JsonNode>> first = read(source, "{\"start\": \"2024-01-01T00:00:00Z\"}", null);
            assertThat(records(first)).hasSize(75 + 75 + 3);
            assertThat(uris(server).stream().filter(uri -> uri.startsWith("/user/repos")))
                    .hasSize(2);
            assertThat(uris(server)).anyMatch(uri -> uri.contains("since=2024-01-01T00%3A00%3A00Z"));

            github.touch("o", "r2", 3, Instant.parse("2024-01-02T00:00:00Z"));
            List<Message<JsonNode>> second = Objects.requireNonNull(
                    source.read(Json.tree("{}"), lastState(first), List.of(StreamSelection.of("issues")))
                            .collectList()
                            .block(Duration.ofSeconds(20)));
            assertThat(records(second))
                    .singleElement()
                    .satisfies(
                            issue -> assertThat(issue.path("number").intValue()).isEqualTo(3));
        }
    }

    @Test
    void followsNextLinksWithoutSayingAgainWhatTheySay() {
        try (TestServer server = FakeRepositories.of(1, 25).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: github
                    connector: {base_url: $URL}
                    streams:
                      issues:
                        request:
                          path: "/repos/o/{{ lower(slice.repo) }}/issues"
                          query: {per_page: 10, note: "{{ slice.repo }}", number: "{{ page.number }}"}
                        pagination: link
                        slices: {name: repo, list: [R1]}
                    """);

            assertThat(records(read(source, "{}", null))).hasSize(25);
            assertThat(server.requests()).hasSize(3).allSatisfy(request -> {
                assertThat(request.query().get("note")).containsExactly("R1");
                assertThat(request.query().get("number")).hasSize(1);
            });
            assertThat(server.requests().stream()
                            .map(request -> request.query("number").orElseThrow()))
                    .containsExactly("1", "2", "3");
        }
    }

    @Test
    void putsTogetherRequestsOfConfigSlicesAndSecrets() {
        try (TestServer server =
                TestServer.builder().route("/**", json("[{\"id\": 1}]")).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    config: {properties: {accounts: {}, tag: {}, absent: {}}, additionalProperties: false}
                    connector:
                      base_url: $URL/v1
                      headers: {X-Plain: "v {{ config.tag }}", X-Signed: "v1 ${secret:SIGN}", X-Absent: "{{ config.absent }}"}
                      query: {version: 3, tags: [a, b]}
                      auth: {all: [{bearer: "${secret:TOKEN}"}, {api_key: {query: key, key: "${secret:KEY}"}}]}
                    streams:
                      things:
                        request:
                          path: "/{area}/{{ slice.account }}"
                          query: {tag: "{{ config.tag }}", none: "{{ config.absent }}", version: 4, secret: "${secret:QUERY}"}
                          headers: {X-Account: "{{ slice.account }}", X-Key: "k${secret:HEADER}"}
                        slices:
                          - {name: area, list: [x, y]}
                          - {name: account, values: "{{ config.accounts }}"}
                    """);

            assertThat(records(read(source, "{\"accounts\": [\"a/1\", 2], \"tag\": \"t\"}", null)))
                    .hasSize(4);
            assertThat(server.requests().stream().map(request -> request.uri().replaceFirst("\\?.*", "")))
                    .containsExactly("/v1/x/a%2F1", "/v1/x/2", "/v1/y/a%2F1", "/v1/y/2");
            RecordedRequest request = server.requests().get(0);
            assertThat(request.query("version")).hasValue("4");
            assertThat(request.query().get("tags")).containsExactly("a", "b");
            assertThat(request.query("tag")).hasValue("t");
            assertThat(request.query("none")).isEmpty();
            assertThat(request.query("secret")).hasValue("value-of-QUERY");
            assertThat(request.query("key")).hasValue("value-of-KEY");
            assertThat(request.header("authorization")).hasValue("Bearer value-of-TOKEN");
            assertThat(request.header("x-signed")).hasValue("v1 value-of-SIGN");
            assertThat(request.header("x-plain")).hasValue("v t");
            assertThat(request.header("x-absent")).isEmpty();
            assertThat(request.header("x-account")).hasValue("a/1");
            assertThat(request.header("x-key")).hasValue("kvalue-of-HEADER");
        }
    }

    @Test
    void putsWhatMovesIntoBodiesBesideTheCursor() {
        Route pages = (request, response) -> response.header("Content-Type", "application/json")
                .sendString(request.receive().aggregate().asString().map(body -> {
                    boolean first = !body.contains("\"after\"");
                    return "{\"items\": [{\"id\": 1}], \"next\": " + (first ? "\"c2\"" : "null") + "}";
                }));
        try (TestServer server = TestServer.builder().route("/search", pages).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    connector: {base_url: $URL}
                    streams:
                      found:
                        request:
                          method: POST
                          path: /search
                          json: {size: 2, who: {name: "{{ slice.who }}", all: ["{{ slice.who }}", null]}, key: "${secret:K}", "{x}": "{y}"}
                        items: items
                        pagination: {cursor: {from: next, into: {body: /page/after}}}
                        slices: {name: who, list: [ada]}
                    """);

            assertThat(records(read(source, "{}", null))).hasSize(2);
            String body =
                    "{\"size\":2,\"who\":{\"name\":\"ada\",\"all\":[\"ada\",null]},\"key\":\"value-of-K\",\"{x}\":\"{y}\"%s}";
            assertThat(server.requests().stream().map(request -> Json.tree(request.body())))
                    .containsExactly(
                            Json.tree(body.formatted("")), Json.tree(body.formatted(",\"page\":{\"after\":\"c2\"}")));
        }
    }

    @Test
    void secretsStayAtHomeWhenANextLinkLeadsElsewhere() {
        try (TestServer elsewhere = TestServer.builder()
                        .route("/**", json("{\"items\": [2]}"))
                        .start();
                TestServer server = TestServer.builder()
                        .route("/**", json("{\"items\": [1], \"next\": \"" + elsewhere.url() + "/b?x=1\"}"))
                        .start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    connector: {base_url: $URL, other_origins: strip, auth: {bearer: "${secret:TOKEN}"}}
                    streams:
                      a:
                        request:
                          method: POST
                          path: /a
                          query: {secret: "${secret:QUERY}", page: "{{ page.number }}"}
                          headers: {X-Note: "${secret:HEADER}"}
                          json: {open: "{{ page.number }}", hidden: "${secret:BODY}"}
                        items: items
                        pagination: {next_url: next}
                    """);

            assertThat(records(read(source, "{}", null))).hasSize(2);
            assertThat(server.requests().get(0).uri()).contains("secret=value-of-QUERY");
            assertThat(server.requests().get(0).body()).contains("value-of-BODY");
            RecordedRequest abroad = elsewhere.requests().get(0);
            assertThat(abroad.uri()).isEqualTo("/b?x=1&page=2");
            assertThat(abroad.body()).isEqualTo("{\"open\":2}");
            assertThat(abroad.headers().toString()).doesNotContain("value-of");
        }
    }

    @Test
    void keepsSecretsThatALinkRepeatsOutOfTheState() {
        Route pages = (request, response) -> response.header("Content-Type", "application/json")
                .sendString(Mono.just(
                        request.uri().contains("page=2")
                                ? "{\"items\": [2]}"
                                : "{\"items\": [1], \"next\": \"" + request.uri() + "&page=2\"}"));
        try (TestServer server = TestServer.builder().route("/a", pages).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    connector: {base_url: $URL}
                    streams:
                      a:
                        request: {path: /a, query: {code: "${secret:QUERY}"}}
                        items: items
                        pagination: {next_url: next}
                    """);

            List<Message<JsonNode>> messages = read(source, "{}", null);
            JsonNode cut = messages.stream()
                    .filter(Checkpoint.class::isInstance)
                    .map(message -> ((Checkpoint<JsonNode>) message).state())
                    .findFirst()
                    .orElseThrow();
            String token = cut.findValue("page").stringValue();
            assertThat(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8))
                    .contains("page=2")
                    .doesNotContain("value-of-QUERY");

            assertThat(records(read(source, "{}", cut))).hasSize(1);
            assertThat(server.requests().get(2).query("code")).hasValue("value-of-QUERY");
        }
    }

    @Test
    void readsWindowsUnderTheirNames() {
        try (TestServer server = TestServer.builder().route("/**", json("[]")).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    config: {properties: {start: {type: string}}}
                    connector: {base_url: $URL}
                    streams:
                      reports:
                        request: {path: "/reports/{from}", query: {end: "{{ slice.to }}"}}
                        cursor: {datetime: date, starting_at: "{{ config.start }}", format: date}
                        windows: {step: P1Y, clamp_to: years, inclusive_end: 1d, as: {start: from, end: to}}
                    """);
            read(source, "{\"start\": \"2023-05-01\"}", null);

            assertThat(uris(server))
                    .startsWith("/reports/2023-05-01?end=2023-12-31", "/reports/2024-01-01?end=2024-12-31");
        }
    }

    @Test
    void filtersAndMapsRecords() {
        try (TestServer server = TestServer.builder()
                .route(
                        "/**",
                        json("{\"data\": [{\"id\": 1, \"Name\": \"A\"}, {\"id\": 2}, {\"id\": 3, \"Name\": \"C\"}]}"))
                .start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    connector: {base_url: $URL}
                    streams:
                      a:
                        request: /a
                        items: data
                        filter: {exists: Name}
                        map:
                          - rename: {from: Name, to: name}
                          - transform: {at: name, with: lowercase}
                    """);

            assertThat(records(read(source, "{}", null)))
                    .containsExactly(Json.tree("{\"id\":1,\"name\":\"a\"}"), Json.tree("{\"id\":3,\"name\":\"c\"}"));
        }
    }

    @Test
    void putsValuesOfSliceAndConfigIntoRecords() {
        try (TestServer server = TestServer.builder()
                .route("/all", json("[{\"id\": 17, \"owner\": \"ada\"}, {\"id\": 18, \"owner\": \"bob\"}]"))
                .route("/orders/**", json("[{\"n\": 1, \"parts\": [{}, {}]}]"))
                .start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    config: {properties: {tenant: {}, absent: {}}}
                    connector: {base_url: $URL}
                    streams:
                      lines:
                        request: "/orders/{order_id}/lines"
                        concurrency: 2
                        parents: {stream: orders, values: {order_id: id, owner: owner}}
                        map:
                          - set: {at: /order_id, value: "{{ slice.order_id }}"}
                          - set: {at: /text, value: "{{ upper(slice.owner) }}/{{ slice.order_id }}"}
                          - set: {at: /absent, value: "{{ config.absent }}"}
                          - when:
                              record: {equal: {at: order_id, value: 18}}
                              then: [{set: {at: /of, value: {tenant: "{{ config.tenant }}", plain: [1, null]}}}]
                          - each: {at: /parts, map: [{set: {at: /order, value: "{{ slice.order_id }}"}}]}
                      orders:
                        request: /all
                        map: [{set: {at: /tenant, value: "{{ config.tenant }}"}}]
                    """);

            assertThat(records(read(source, "{\"tenant\": true}", null)))
                    .extracting(JsonNode::toString)
                    .containsExactlyInAnyOrder(
                            "{\"n\":1,\"parts\":[{\"order\":17},{\"order\":17}],\"order_id\":17,\"text\":\"ADA/17\"}",
                            "{\"n\":1,\"parts\":[{\"order\":18},{\"order\":18}],\"order_id\":18,\"text\":\"BOB/18\","
                                    + "\"of\":{\"tenant\":true,\"plain\":[1,null]}}",
                            "{\"id\":17,\"owner\":\"ada\",\"tenant\":true}",
                            "{\"id\":18,\"owner\":\"bob\",\"tenant\":true}");
        }
    }

    @Test
    void saysWhatAnExpressionOfAMappingLacks() {
        try (TestServer server = TestServer.builder().route("/**", json("[{}]")).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    config: {type: object}
                    connector: {base_url: $URL}
                    streams: {a: {request: /a, map: [{set: {at: /x, value: "of {{ config.y }}"}}]}}
                    """);

            assertRefused(source, "{}", "test.yaml:5:56: streams.a.map[0].set.value has an expression without a value");
        }
    }

    @Test
    void readsWhatHasChangedOfAStreamThatOnlyItsParentMakesIncremental() { // A32
        FakeRepositories github = FakeRepositories.of(2, 3);
        try (TestServer server = github.start()) {
            Source source = source(server, """
                    headrace: 1
                    name: github
                    connector: {base_url: $URL}
                    streams:
                      repositories:
                        request: {path: /user/repos, query: {sort: updated}}
                        key: full_name
                        cursor: {datetime: updated_at, starting_at: 2024-01-01T00:00:00Z, into: {query: since}}
                      issues:
                        request: "/repos/{owner}/{repo}/issues"
                        parents: {stream: repositories, values: {owner: owner.login, repo: name}, incremental: true}
                      again:
                        request: "/user/repos?n={n}"
                        parents: {stream: issues, values: {n: number}, cached: memory}
                    """);
            List<Message<JsonNode>> first = read(source, "{}", null);
            // Six issues with three numbers: for each number, all repositories.
            assertThat(records(first)).hasSize(2 + 6 + 3 * 2);

            List<StreamSelection> issues = List.of(StreamSelection.of("issues"));
            assertThat(source.read(Json.tree("{}"), lastState(first), issues)
                            .collectList()
                            .map(SpecSourceTest::records)
                            .block(Duration.ofSeconds(20)))
                    .isEmpty();
            github.touch("o", "r2", 3, Instant.parse("2024-01-02T00:00:00Z"));
            assertThat(source.read(Json.tree("{}"), lastState(first), issues)
                            .collectList()
                            .map(SpecSourceTest::records)
                            .block(Duration.ofSeconds(20)))
                    .hasSize(3)
                    .allMatch(issue -> issue.path("repository").asString("").equals("o/r2"));
        }
    }

    @Test
    void getsTokensWithTheSecretsOfTheSpec() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().client("app", "value-of-CLIENT");
        try (TestServer server = TestServer.builder()
                .route("/token", tokens)
                .route("/a", tokens.guarding(json("[1]")))
                .start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    connector:
                      base_url: $URL
                      auth: {oauth2: {token_url: $URL/token, client_id: app, client_secret: "${secret:CLIENT}", parameters: {p: "${secret:P}"}}}
                    streams: {a: {request: /a}}
                    """);

            assertThat(records(read(source, "{}", null))).hasSize(1);
            assertThat(server.requests().get(0).body()).contains("p=value-of-P");
        }
    }

    @Test
    void asksForSecretsOnlyWhenARequestNeedsThem() {
        Spec spec = Spec.parse("test.yaml", """
                headrace: 1
                name: test
                connector: {base_url: https://headrace.invalid, auth: {bearer: "${secret:HEADRACE_NOT_SET}"}}
                streams: {a: {request: /a}}
                """);
        assertThat(spec.problems()).isEmpty();
        assertThat(spec.source().discover(Json.tree("{}")).count().block()).isEqualTo(1);

        assertThatThrownBy(() -> read(spec.source(), "{}", null))
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasStackTraceContaining("HEADRACE_NOT_SET is not set");
    }

    @Test
    void takesSecretsFromTheEnvironment() {
        try (TestServer server = TestServer.builder().route("/**", json("[]")).start()) {
            Source source =
                    Spec.parse("test.yaml", """
                            headrace: 1
                            name: test
                            connector: {base_url: $URL, auth: {api_key: "${secret:HEADRACE_TEST_SECRET}"}}
                            streams: {a: {request: /a}}
                            """.replace("$URL", server.url())).source();
            read(source, "{}", null);

            assertThat(server.requests().get(0).header("x-api-key")).hasValue("s3cr3t-value");
        }
    }

    @Test
    void refusesAConfigThatDoesNotFitBeforeAnythingIsSent() {
        try (TestServer server = TestServer.builder().route("/**", json("[]")).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    config: {type: object, required: [host]}
                    connector: {base_url: $URL}
                    streams: {a: {request: /a}}
                    """);

            assertThatThrownBy(() -> read(source, "{}", null)).isInstanceOf(SchemaViolationException.class);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void saysWhereAnExpressionHasNoValue() {
        Source source = Spec.parse("test.yaml", """
                        headrace: 1
                        name: test
                        config: {type: object}
                        connector: {base_url: https://headrace.invalid}
                        streams: {a: {request: "/a/{{ config.id }}"}}
                        """).source();

        assertThatThrownBy(() -> read(source, "{}", null))
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessage(
                        "test.yaml:5:24: streams.a.request has an expression without a value; give config.id one, or"
                                + " write default(config.id, …)");
    }

    @Test
    void saysThatSlicesOfTheConfigAreNoList() {
        Source source = Spec.parse("test.yaml", """
                        headrace: 1
                        name: test
                        config: {type: object}
                        connector: {base_url: https://headrace.invalid}
                        streams: {a: {request: "/{x}", slices: {name: x, values: "{{ config.xs }}"}}}
                        """).source();

        assertThatThrownBy(() -> read(source, "{\"xs\": 5}", null))
                .isInstanceOf(HeadraceException.class)
                .hasMessage("test.yaml:5:58: streams.a.slices.values is no list");
    }

    @Test
    void aSpecCanBeReadManyTimes() {
        try (TestServer server = TestServer.builder().route("/**", json("[1]")).start()) {
            Source source = source(
                    server,
                    "headrace: 1\nname: test\nconnector: {base_url: $URL}\nstreams: {a: {request: /a}, b: {request: /b}}\n");

            assertThat(records(read(source, "{}", null))).hasSize(2);
            assertThat(records(read(source, "{}", null))).hasSize(2);
            assertThat(Mono.from(source.check(Json.tree("{}"))).block(Duration.ofSeconds(10)))
                    .satisfies(availability -> assertThat(
                                    Objects.requireNonNull(availability).available())
                            .isTrue());
        }
    }

    @Test
    void sendsScalarsAsTheyAreWritten() {
        try (TestServer server = TestServer.builder().route("/**", json("[]")).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    connector:
                      base_url: $URL
                      headers: {X-Code: 007}
                      query: {all: 0x1F}
                      auth: {bearer: 00123}
                    streams:
                      a:
                        request:
                          path: /a
                          query: {zip: 01234, v: 1e3, h: 0x1F, on: True, list: [1.0, +7], q: "01"}
                          headers: {X-Own: 1_0, X-Size: 1.50e2}
                      b:
                        request: {path: /b, method: POST, form: {zip: 01234}}
                      c:
                        request: {path: /c, method: POST, json: {n: 1e3, h: 0x1F, t: "01", on: True}}
                      d:
                        request: {path: /d, method: POST, text: 0x10}
                      e:
                        request: /e/{n}
                        slices: {name: n, list: [0x10]}
                    """);
            read(source, "{}", null);

            assertThat(uris(server))
                    .containsExactly(
                            "/a?all=0x1F&zip=01234&v=1e3&h=0x1F&on=True&list=1.0&list=%2B7&q=01",
                            "/b?all=0x1F", "/c?all=0x1F", "/d?all=0x1F", "/e/16?all=0x1F");
            RecordedRequest first = server.requests().get(0);
            assertThat(first.header("x-code")).hasValue("007");
            assertThat(first.header("x-own")).hasValue("1_0");
            assertThat(first.header("x-size")).hasValue("1.50e2");
            assertThat(first.header("authorization")).hasValue("Bearer 00123");
            assertThat(server.requests().get(1).body()).isEqualTo("zip=01234");
            assertThat(server.requests().get(2).body()).isEqualTo("{\"n\":1E+3,\"h\":31,\"t\":\"01\",\"on\":true}");
            assertThat(server.requests().get(3).body()).isEqualTo("0x10");
        }
    }

    private static void assertRefused(Source source, String config, String message) {
        assertThatThrownBy(() -> read(source, config, null))
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageStartingWith(message);
    }

    @Test
    void saysWhereTheLibraryRefusesWhatTheConfigSays() {
        Source source = Spec.parse("test.yaml", """
                        headrace: 1
                        name: test
                        config: {type: object}
                        connector:
                          base_url: "{{ default(config.url, 'https://headrace.invalid') }}"
                          headers: {X-All: "{{ config.all }}"}
                        streams:
                          a:
                            request:
                              path: /a
                              headers: {X-Own: "{{ config.own }}"}
                          b:
                            request: {path: /b}
                            cursor: {datetime: t, starting_at: "{{ config.start }}", into: {query: since}, until: {query: to}}
                            windows: {step: 1d}
                        """).source();

        assertRefused(source, "{\"url\": \"nope\"}", "test.yaml:5:13: connector.base_url: ");
        assertRefused(source, "{\"all\": \"a\\nb\"}", "test.yaml:6:20: connector.headers.X-All: ");
        assertRefused(source, "{\"own\": \"a\\nb\"}", "test.yaml:11:24: streams.a.request.headers.X-Own: ");
        assertThatThrownBy(() -> source.read(Json.tree("{}"), null, List.of(StreamSelection.of("b")))
                        .blockLast(Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageStartingWith("test.yaml:15:14: streams.b.windows: ");
    }

    @Test
    void aStreamThatIsNotSelectedNeedsNothingOfTheConfig() {
        try (TestServer server = TestServer.builder().route("/**", json("[1]")).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    config: {type: object}
                    connector: {base_url: $URL}
                    streams: {a: {request: "/{{ config.missing }}"}, b: {request: /b}}
                    """);

            assertThat(source.read(Json.tree("{}"), null, List.of(StreamSelection.of("b")))
                            .collectList()
                            .map(SpecSourceTest::records)
                            .block(Duration.ofSeconds(20)))
                    .hasSize(1);
            assertRefused(source, "{}", "test.yaml:5:24: streams.a.request has an expression without a value");
        }
    }

    @Test
    void aStreamsOwnHeaderGoesBeforeASecretOneOfTheConnector() {
        try (TestServer server = TestServer.builder().route("/**", json("[]")).start()) {
            Source source = source(server, """
                    headrace: 1
                    name: test
                    connector: {base_url: $URL, headers: {X-Key: "${secret:ALL}", X-Other: "${secret:OTHER}"}}
                    streams:
                      a: {request: {path: /a, headers: {x-key: own}}}
                      b: {request: {path: /b, headers: {X-Key: "${secret:B}"}}}
                      c: {request: /c}
                    """);
            read(source, "{}", null);

            assertThat(server.requests().stream()
                            .map(request -> request.header("x-key").orElseThrow()))
                    .containsExactly("own", "value-of-B", "value-of-ALL");
            assertThat(server.requests())
                    .allSatisfy(request -> assertThat(request.header("x-other")).hasValue("value-of-OTHER"));
        }
    }
}
