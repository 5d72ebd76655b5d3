package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.headrace.error.FailureKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is wrong with a spec is told with its line and column, all of it at once. */
class SpecProblemsTest {

    /** Seven lines, so that a stream begins on line 8. */
    private static final String HEAD = """
            headrace: 1
            name: test
            config:
              properties: {host: {type: string}, list: {type: array}, open: {type: object}}
              additionalProperties: false
            connector: {base_url: https://api.example.com}
            streams:
            """;

    private static List<Problem> check(String yaml) {
        return Spec.check("test.yaml", yaml);
    }

    private static List<Problem> ofStream(String yaml) {
        return check(HEAD + yaml);
    }

    private static Problem problem(int line, int column, String path, String message) {
        return new Problem(line, column, path, message);
    }

    @Test
    void saysNothingOfAGoodSpec() {
        assertThat(ofStream("  a: {request: /a}\n")).isEmpty();
    }

    @Test
    void saysWhichKeysAreMissing() {
        assertThat(check("# first\nname: x\nstreams:\n  a:\n    items: /x\n"))
                .containsExactly(
                        problem(1, 1, "", "lacks the key 'headrace'"),
                        problem(1, 1, "", "lacks the key 'connector'"),
                        problem(4, 3, "streams.a", "lacks the key 'request'"));
    }

    @Test
    void saysWhichKeysAreUnknownAndWhatWasMeant() {
        assertThat(check(HEAD + "  a:\n    request: {path: /a, qeury: {b: 1}}\n    itmes: /x\n    nonsense: 1\n"))
                .containsExactly(
                        problem(
                                9,
                                25,
                                "streams.a.request.qeury",
                                "there is no key 'qeury' here; did you mean 'query'?"),
                        problem(10, 5, "streams.a.itmes", "there is no key 'itmes' here; did you mean 'items'?"),
                        problem(11, 5, "streams.a.nonsense", "there is no key 'nonsense' here"));
    }

    @Test
    void saysWhatElseWasToStandThere() {
        assertThat(ofStream("""
                          a:
                            request: [x]
                            items: [/a]
                            key:
                            on_invalid: skip
                            concurrency: many
                            windows: {step: soon}
                        """))
                .containsExactly(
                        problem(
                                9,
                                14,
                                "streams.a.request",
                                "expected a mapping with method, path, query, headers, json, form or text but found a list"),
                        problem(
                                10,
                                12,
                                "streams.a.items",
                                "expected a JSON Pointer such as /data/items, or a path such as data.items but found a list"),
                        problem(11, 5, "streams.a.key", "is empty; expected text"),
                        problem(12, 17, "streams.a.on_invalid", "expected warn, drop or fail but found 'skip'"),
                        problem(13, 18, "streams.a.concurrency", "expected a whole number but found text"),
                        problem(
                                14,
                                21,
                                "streams.a.windows.step",
                                "'soon' is no duration such as 500ms, 2s, 1m, 1h, 1d or PT1M30S"));
    }

    @Test
    void saysWhichVersionThereIs() {
        assertThat(check("headrace: 2\nname: x\nconnector: {base_url: https://a.b}\nstreams: {a: {request: /a}}\n"))
                .containsExactly(problem(1, 11, "headrace", "there is no version 2 of this format, only 1"));
    }

    @Test
    void saysWhatTheLibraryRefuses() {
        assertThat(check("""
                                headrace: 1
                                name: x
                                connector:
                                  base_url: https://a.b?query=1
                                  retry: {max_retries: -1, jitter: 2}
                                  rate_limit: {burst: 3}
                                  timeouts: {head: 5 minutes}
                                  pool: {max_connections: 0}
                                  circuit_breaker: {consecutive_failures: 0, open_for: 1s}
                                  bulkhead: 0
                                  redirects: -1
                                  allow_origins: [nowhere]
                                  errors: [{when: {status: 600}, then: retry}, {when: {failure: transient}, then: ignore}]
                                streams: {a: {request: /a}}
                                """))
                .extracting(Problem::line, Problem::column, Problem::path)
                .containsExactly(
                        tuple(4, 13, "connector.base_url"),
                        tuple(5, 24, "connector.retry.max_retries"),
                        tuple(5, 36, "connector.retry.jitter"),
                        tuple(6, 23, "connector.rate_limit.burst"),
                        tuple(7, 20, "connector.timeouts.head"),
                        tuple(8, 27, "connector.pool.max_connections"),
                        tuple(9, 20, "connector.circuit_breaker"),
                        tuple(10, 13, "connector.bulkhead"),
                        tuple(11, 14, "connector.redirects"),
                        tuple(12, 18, "connector.allow_origins"),
                        tuple(13, 28, "connector.errors[0].when.status"),
                        tuple(13, 48, "connector.errors[1]"));
    }

    @Test
    void saysWhichRuleOfErrorsLacksWhatFollows() {
        assertThat(check("""
                                headrace: 1
                                name: x
                                connector:
                                  base_url: https://a.b
                                  errors: [{when: {status: 404}}, {github: true, then: retry}, {then: retry}, {slack: yes}]
                                streams: {a: {request: /a}}
                                """))
                .containsExactly(
                        problem(5, 12, "connector.errors[0]", "lacks the key 'then', which says what follows"),
                        problem(
                                5,
                                56,
                                "connector.errors[1].then",
                                "'then' belongs to 'when'; ready-made rules say themselves what follows"),
                        problem(5, 64, "connector.errors[2]", "needs one of when, graphql, slack, github or stripe"),
                        problem(5, 87, "connector.errors[3].slack", "expected true, as in 'slack: true'"));
    }

    @Test
    void saysThatOnlyOneOfSomeKeysCanBeSaid() {
        assertThat(
                        ofStream(
                                "  a:\n    request: /a\n    pagination: {link: true, offset: skip}\n    cursor: {lookback: 1s}\n"))
                .containsExactly(
                        problem(
                                10,
                                30,
                                "streams.a.pagination.offset",
                                "there is 'link' already; only one of next_url, cursor, header_cursor, last_item,"
                                        + " page_number, offset, relay, none or link can be said"),
                        problem(11, 5, "streams.a.cursor", "needs one of datetime, incrementing, token or delta_link"));
    }

    @Test
    void saysWhichKeyIsNotForThisKindOfCursor() {
        assertThat(ofStream("""
                          a: {request: /a, cursor: {incrementing: /id, lookback: 1s, starting_at: soon}}
                          b: {request: /a, cursor: {token: /t}}
                          c: {request: /a, cursor: {datetime: /t, starting_at: tomorrow}}
                        """))
                .containsExactly(
                        problem(8, 58, "streams.a.cursor.lookback", "lookback is not for an incrementing cursor"),
                        problem(8, 75, "streams.a.cursor.starting_at", "expected a whole number or an expression"),
                        problem(9, 28, "streams.b.cursor", "a token needs 'into', where it goes"),
                        problem(
                                10,
                                56,
                                "streams.c.cursor.starting_at",
                                "expected a time of ISO 8601 such as 2024-01-01T00:00:00Z, a date or an expression"));
    }

    @Test
    void saysWhatDoesNotGoTogether() {
        assertThat(ofStream("""
                          a: {request: /a, windows: 1d}
                          b: {request: /b, result_window: 100}
                          c: {request: /c, format: ndjson, pagination: {next_url: /next}}
                          d: {request: /d, format: ndjson, items: /x}
                          e: {request: {path: /e, json: {}, text: x}}
                          f: {request: /f, slices: {list: [{a: 1}]}, parents: {stream: a, values: {x: id}}}
                        """))
                .extracting(Problem::line, Problem::column, Problem::path)
                .containsExactly(
                        tuple(8, 29, "streams.a.windows"),
                        tuple(9, 35, "streams.b.result_window"),
                        tuple(10, 48, "streams.c.pagination"),
                        tuple(11, 43, "streams.d.items"),
                        tuple(12, 43, "streams.e.request.text"),
                        tuple(13, 55, "streams.f.parents"));
    }

    @Test
    void saysWhereAnExpressionIsWrong() {
        assertThat(ofStream("""
                          a:
                            request:
                              path: /a
                              query:
                                x: "{{ lowr(config.host) }}"
                                y: 'it''s {{ config.host'
                              text: >
                                one
                                two {{ config.host || 1 }}
                        """))
                .extracting(Problem::line, Problem::column, Problem::path)
                .containsExactly(
                        tuple(12, 16, "streams.a.request.query.x"),
                        tuple(13, 19, "streams.a.request.query.y"),
                        tuple(16, 28, "streams.a.request.text"));
    }

    @Test
    void saysWhichConfigThereIsNot() {
        assertThat(ofStream("""
                          a:
                            request: "/a/{{ config.hots }}/{{ config.open.anything }}"
                            slices: {name: x, values: "{{ default(config.lists, config.list) }}"}
                        """))
                .containsExactly(
                        problem(
                                9,
                                21,
                                "streams.a.request",
                                "the config has no 'hots', only host, list, open; did you mean 'host'?"),
                        problem(
                                10,
                                43,
                                "streams.a.slices.values",
                                "the config has no 'lists', only host, list, open; did you mean 'list'?"));
    }

    @Test
    void anOpenConfigMayHaveAnything() {
        assertThat(check("""
                        headrace: 1
                        name: x
                        config: {type: object}
                        connector: {base_url: "{{ config.url }}"}
                        streams: {a: {request: /a}}
                        """)).isEmpty();
    }

    @Test
    void saysThatThereIsNoConfig() {
        assertThat(check("""
                        headrace: 1
                        name: x
                        connector: {base_url: "{{ config.url }}"}
                        streams: {a: {request: /a}}
                        """))
                .containsExactly(problem(
                        3, 27, "connector.base_url", "there is no config; say under 'config' what it looks like"));
    }

    @Test
    void saysWhichValueTheSliceDoesNotHave() {
        assertThat(ofStream("""
                          a:
                            request: {path: "/{owner}/{rpeo}/{{ slice.ownr }}", query: {x: "{{ slice.from }}"}}
                            slices: {list: [{owner: a, repo: b}]}
                            place: {owner: {query: o}, repos: {query: r}}
                          b: {request: "/{{ slice.x }}"}
                          c: {request: "/{x}/{{ slice.y }}", slices: {values: "{{ config.list }}"}}
                        """))
                .containsExactly(
                        problem(
                                9,
                                31,
                                "streams.a.request.path",
                                "nothing gives the variable 'rpeo' a value; a slice or a pagination would; did you mean"
                                        + " 'repo'?"),
                        problem(
                                9,
                                41,
                                "streams.a.request.path",
                                "the slice has no 'ownr', only owner, repo; did you mean 'owner'?"),
                        problem(9, 72, "streams.a.request.query.x", "the slice has no 'from', only owner, repo"),
                        problem(
                                11,
                                32,
                                "streams.a.place.repos",
                                "the slice has no 'repos', only owner, repo; did you mean 'repo'?"),
                        problem(12, 21, "streams.b.request", "the stream has no slices"));
    }

    @Test
    void saysWhichValueTheSliceOfARecordDoesNotHave() {
        assertThat(ofStream("""
                          a:
                            request: "/{owner}/{from}"
                            slices: {list: [{owner: a}]}
                            cursor: {datetime: t, starting_at: 2024-01-01, into: {query: since}}
                            windows: {step: 1d, as: {start: from, end: to}}
                            map:
                              - set: {at: /owner, value: "{{ slice.owner }} of {{ config.host }}"}
                              - set: {at: /from, value: {of: "{{ slice.from }}"}}
                              - each: {at: /lines, map: [{set: {at: /x, value: "{{ slice.ownr }}"}}]}
                              - when: {record: {exists: /x}, then: [{set: {at: /y, value: "{{ state.z }}"}}]}
                          b: {request: /b, events: {}, map: [{set: {at: /x, value: "{{ slice.x }}"}}]}
                        """))
                .containsExactly(
                        problem(15, 42, "streams.a.map[1].set.value.of", "the slice has no 'from', only owner"),
                        problem(
                                16,
                                60,
                                "streams.a.map[2].each.map[0].set.value",
                                "the slice has no 'ownr', only owner; did you mean 'owner'?"),
                        problem(
                                17,
                                71,
                                "streams.a.map[3].when.then[0].set.value",
                                "'state' is not known here, only config, slice"),
                        problem(18, 64, "streams.b.map[0].set.value", "the events of 'b' have no slice"));
    }

    @Test
    void saysWhatOfParentsCannotBe() {
        assertThat(ofStream("""
                          a: {request: "/{x}", parents: {stream: b, values: {x: id}}}
                          b: {request: "/{x}", parents: [{stream: a, values: {x: id}}, {stream: c, values: {x: id}, incremental: true}]}
                          c: {request: /c}
                          d: {request: "/{x}", parents: {stream: cc, values: {x: id}}}
                          e: {request: /e, events: {}}
                          f: {request: "/{x}", parents: {stream: e, values: {x: id}}}
                          g: {request: "/{x}", parents: [{stream: c, values: {x: id}}, {stream: c, values: {x: no}}]}
                        """))
                .containsExactly(
                        problem(8, 42, "streams.a.parents.stream", "a stream cannot be its own parent: a < b < a"),
                        problem(9, 43, "streams.b.parents[0].stream", "a stream cannot be its own parent: b < a < b"),
                        problem(
                                9,
                                73,
                                "streams.b.parents[1].stream",
                                "'c' has no cursor, so it cannot be a parent that is read incrementally"),
                        problem(11, 42, "streams.d.parents.stream", "there is no stream 'cc'; did you mean 'c'?"),
                        problem(
                                13,
                                42,
                                "streams.f.parents.stream",
                                "'e' is a stream of events, which has no end; it cannot be a parent"),
                        problem(14, 73, "streams.g.parents[1].stream", "'c' is a parent already"));
    }

    @Test
    void saysWhatIsNotForEvents() {
        assertThat(ofStream("""
                          a:
                            request: "/a?x={{ page.number }}"
                            events: {reconnect: {first_delay: 0s}, idle_timeout: 0s, require_completion: true}
                          b:
                            request: "/b?x={{ page.number }}"
                            events: {}
                            pagination: link
                            items: /x
                        """))
                .containsExactly(
                        problem(
                                10,
                                39,
                                "streams.a.events.reconnect.first_delay",
                                "firstDelay must be more than zero, but is PT0S"),
                        problem(
                                10,
                                58,
                                "streams.a.events.idle_timeout",
                                "idle_timeout must be more than zero; leave it out for none"),
                        problem(
                                10,
                                82,
                                "streams.a.events.require_completion",
                                "requireCompletion needs completeWhen to be set before"),
                        problem(12, 23, "streams.b.request", "the events of 'b' have no page"),
                        problem(14, 5, "streams.b.pagination", "is for pages of records; this is a stream of events"),
                        problem(15, 5, "streams.b.items", "is for pages of records; this is a stream of events"));
    }

    @Test
    void saysWhereASecretMayNotStand() {
        assertThat(ofStream("""
                          a: {request: {path: "/a/${secret:X}", query: {k: "${secret:X}"}}, key: "/${secret:X}"}
                          b: {request: /b, namespace: "of {{ config.host }}", map: [{set: {at: /x, value: [1, "${secret:X}"]}}]}
                        """))
                .containsExactly(
                        problem(
                                8,
                                27,
                                "streams.a.request.path",
                                "a secret may not stand here, for it would be printed; it belongs into auth, headers,"
                                        + " query or a body"),
                        problem(8, 76, "streams.a.key", "no expression and no secret can stand here"),
                        problem(9, 35, "streams.b.namespace", "no expression and no secret can stand here"),
                        problem(
                                9,
                                88,
                                "streams.b.map[0].set.value[1]",
                                "a secret may not stand here, for it would be printed; it belongs into auth, headers,"
                                        + " query or a body"));
    }

    @Test
    void saysWhichTransformThereIsNot() {
        assertThat(
                        ofStream(
                                "  a: {request: /a, map: [{transform: {at: /x, with: [strip, upercase]}}, {remove: \"\"}, {rename: {to: x}}]}\n"))
                .extracting(Problem::line, Problem::column, Problem::path)
                .containsExactly(
                        tuple(8, 61, "streams.a.map[0].transform.with[1]"),
                        tuple(8, 83, "streams.a.map[1].remove"),
                        tuple(8, 89, "streams.a.map[2].rename"));
    }

    @Test
    void saysWhichSchemaIsNone() {
        assertThat(ofStream("  a: {request: /a, schema: {type: 7}}\n  b: {request: /a, schema: {file: x.json}}\n"))
                .extracting(Problem::line, Problem::column, Problem::path)
                .containsExactly(tuple(8, 35, "streams.a.schema"), tuple(9, 35, "streams.b.schema.file"));
        assertThat(
                        ofStream(
                                "  a:\n    request: /a\n    schema:\n      properties:\n        x:\n          type: [string, nothing]\n"))
                .extracting(Problem::line, Problem::column, Problem::path)
                .containsExactly(tuple(13, 17, "streams.a.schema"));
    }

    @Test
    void tellsAllOfThemInOneException() {
        Spec spec = Spec.parse("test.yaml", "headrace: 1\nname: ''\nconnector: {base_url: https://a.b}\nstreams: {}\n");

        assertThatThrownBy(spec::source)
                .isInstanceOfSatisfying(SpecException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION);
                    assertThat(e.problems()).isEqualTo(spec.problems()).hasSize(2);
                })
                .hasMessage(
                        "test.yaml has 2 problems:"
                                + "\n  test.yaml:2:7: name: is blank; a source needs a name"
                                + "\n  test.yaml:4:10: streams: expected a mapping with at least one entry but found a mapping");
    }

    @Test
    void needsNoSecretToBeChecked() {
        assertThat(check("""
                        headrace: 1
                        name: x
                        connector: {base_url: https://a.b, auth: {bearer: "${secret:HEADRACE_NOT_SET}"}}
                        streams: {a: {request: /a}}
                        """)).isEmpty();
    }

    @Test
    void saysWhichNumberIsTooLarge() {
        assertThat(check("""
                        headrace: 1
                        name: x
                        connector: {base_url: https://a.b, retry: {max_retries: 1, jitter: 1e400}}
                        streams: {a: {request: {path: /a, query: {x: 1e99999999999}}}}
                        """))
                .containsExactly(
                        problem(3, 68, "connector.retry.jitter", "is too large a number; at most 1.7e308"),
                        problem(
                                4,
                                46,
                                "streams.a.request.query.x",
                                "is a number of more than 1000 characters, or with an exponent beyond ±9999"));
    }

    @Test
    @Timeout(20)
    void findsNoCircleInManyLayersOfTwoParents() {
        StringBuilder streams = new StringBuilder("  a0: {request: /a}\n  b0: {request: /b}\n");
        for (int layer = 1; layer <= 60; layer++) {
            for (String stream : List.of("a", "b")) {
                streams.append(
                        "  %s%d: {request: '/{x}/{y}', parents: [{stream: a%d, values: {x: id}}, {stream: b%d, values: {y: id}}]}%n"
                                .formatted(stream, layer, layer - 1, layer - 1));
            }
        }

        assertThat(ofStream(streams.toString())).isEmpty();
    }

    @Test
    @Timeout(20)
    void saysWhichStreamHasTooManyGenerationsAboveIt() {
        StringBuilder streams = new StringBuilder("  s0: {request: /a}\n");
        for (int stream = 1; stream < 3_000; stream++) {
            streams.append("  s%d: {request: '/{x}', parents: {stream: s%d, values: {x: id}}}%n"
                    .formatted(stream, stream - 1));
        }

        assertThat(ofStream(streams.toString()))
                .containsExactly(problem(
                        8 + 101,
                        45,
                        "streams.s101.parents.stream",
                        "there are more than 100 generations of parents above 's101'"));
    }

    @Test
    @Timeout(20)
    void saysOfALongCircleWhereItBegins() {
        StringBuilder streams = new StringBuilder();
        for (int stream = 0; stream < 3_000; stream++) {
            streams.append("  s%d: {request: '/{x}', parents: {stream: s%d, values: {x: id}}}%n"
                    .formatted(stream, (stream + 1) % 3_000));
        }

        assertThat(ofStream(streams.toString()))
                .hasSize(100)
                .startsWith(problem(
                        8,
                        43,
                        "streams.s0.parents.stream",
                        "a stream cannot be its own parent: s0 < s1 < s2 < s3 < s4 < s5 < s6 < s7 < … < s0"));
    }

    @Test
    void saysOfABrokenStreamWhateverElseIsWrongWithIt() {
        assertThat(ofStream("""
                          a:
                            request: {path: "/{y}/{{ slice.z }}/{{ config.hots }}"}
                            paging: {max_duration: -PT1S}
                            concurrency: 0
                            max_slice_states: -1
                            slices: {name: x, list: [1]}
                            parents: {stream: b, values: {x: id}}
                          b:
                            request: "/b/{{ config.hots }}"
                            itmes: /x
                            parents: {stream: bb, values: {x: id}}
                        """))
                .extracting(Problem::line, Problem::column, Problem::path)
                .containsExactly(
                        tuple(9, 44, "streams.a.request.path"),
                        tuple(10, 28, "streams.a.paging.max_duration"),
                        tuple(11, 18, "streams.a.concurrency"),
                        tuple(12, 23, "streams.a.max_slice_states"),
                        tuple(14, 14, "streams.a.parents"),
                        tuple(16, 21, "streams.b.request"),
                        tuple(17, 5, "streams.b.itmes"),
                        tuple(18, 23, "streams.b.parents.stream"));
    }

    @Test
    void saysNothingThatOnlyFollowsFromAnotherProblem() {
        assertThat(ofStream("""
                          a:
                            request: "/{x}?y={{ slice.y }}"
                            slices: {nam: x, list: [1]}
                            place: {x: {query: x}}
                          b:
                            request: "/{from}"
                            cursor: {datetime: t, lookback: soon, into: {variable: from}}
                            windows: {step: 1d}
                          c: {request: "/{x}", parents: {stream: b, values: {x: id}, incremental: true}}
                          d: {requst: /d, windows: {step: soon}, pagination: {ofset: {}}}
                        """))
                .extracting(Problem::line, Problem::path)
                .containsExactly(
                        tuple(10, "streams.a.slices.nam"),
                        tuple(14, "streams.b.cursor.lookback"),
                        tuple(17, "streams.d"),
                        tuple(17, "streams.d.requst"),
                        tuple(17, "streams.d.windows.step"),
                        tuple(17, "streams.d.pagination"),
                        tuple(17, "streams.d.pagination.ofset"));
    }

    @Test
    @Timeout(10)
    void tellsOnlyTheFirstOfVeryManyProblems() {
        StringBuilder keys = new StringBuilder("  a:\n    request: /a\n");
        for (int key = 0; key < 45_000; key++) {
            keys.append("    k").append(key).append(": 1\n");
        }

        List<Problem> problems = ofStream(keys.toString());

        assertThat(problems).hasSize(1_001);
        assertThat(problems.get(999)).isEqualTo(problem(10 + 999, 5, "streams.a.k999", "there is no key 'k999' here"));
        assertThat(problems.get(1_000)).isEqualTo(problem(10 + 44_999, 5, "", "and 44000 more"));
    }

    @Test
    @Timeout(10)
    void quotesOnlyTheBeginningOfAVeryLongKey() {
        String key = "k".repeat(1_000_000);

        assertThat(ofStream("  a: {request: /a, on_invalid: " + key + ", ? " + key + " : 1}\n"))
                .containsExactly(
                        problem(
                                8,
                                32,
                                "streams.a.on_invalid",
                                "expected warn, drop or fail but found '" + "k".repeat(60) + "…'"),
                        problem(
                                8,
                                32 + 1_000_000 + 4,
                                "streams.a.'" + "k".repeat(100) + "…" + Integer.toHexString(key.hashCode()) + "'",
                                "there is no key '" + "k".repeat(60) + "…' here"));
    }

    @Test
    void saysWhichSlicesAndCachesDoNotGoTogether() {
        assertThat(ofStream("""
                          a: {request: "/{x}", slices: [{name: x, list: [1]}, {name: x, list: [2]}]}
                          b: {request: "/{r}", slices: {list: [{r: 1}, {q: 2}]}}
                          c: {request: "/{x}", parents: {stream: p, values: {x: id}, cached: memory}}
                          d: {request: "/{x}", parents: {stream: p, values: {x: id}, cached: {disk: /tmp}}}
                          e: {request: "/{x}", parents: {stream: p, values: {x: id}, cached: memory}}
                          p: {request: /p}
                        """))
                .containsExactly(
                        problem(
                                8,
                                71,
                                "streams.a.slices[1].list",
                                "there are values of the name 'x' already; each list needs its own"),
                        problem(
                                9,
                                48,
                                "streams.b.slices.list[1]",
                                "has other names than the first element, which has r"),
                        problem(
                                11,
                                42,
                                "streams.d.parents.stream",
                                "'p' is cached in another way by another stream; it is kept only once"));
    }

    @Test
    void takesNoBareNumberForATimeUnlessTimesAreNumbers() {
        assertThat(ofStream("""
                          a: {request: /a, cursor: {datetime: /t, starting_at: 2024, into: {query: since}}}
                          b: {request: /a, cursor: {datetime: /t, starting_at: 2024, into: {query: since}, format: epoch_millis}}
                        """))
                .containsExactly(problem(
                        8,
                        56,
                        "streams.a.cursor.starting_at",
                        "expected a time of ISO 8601 such as 2024-01-01T00:00:00Z, a date or an expression"));
    }

    @Test
    void saysWhichNameTheConfigDoesNotHaveEvenIfItMayHaveOthers() {
        String spec = """
                headrace: 1
                name: x
                config: {properties: {host: {type: string}}%s}
                connector: {base_url: https://a.b}
                streams: {a: {request: "/{{ config.hots }}"}}
                """;

        assertThat(check(spec.formatted("")))
                .containsExactly(problem(
                        5, 29, "streams.a.request", "the config has no 'hots', only host; did you mean 'host'?"));
        assertThat(check(spec.formatted(", additionalProperties: {type: string}")))
                .isEmpty();
        assertThat(check(spec.formatted(", patternProperties: {h: {type: string}}")))
                .isEmpty();
    }
}
