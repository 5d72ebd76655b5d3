package dev.headrace.benchmarks;

import java.util.List;

/** Who takes part where events are read as text: id, name and data as strings. */
final class StringEvents {

    static final String LIMIT = "receive and count";
    static final String HEADRACE = "headrace";
    static final String BOUNDED = "headrace, 256 at a time";
    static final String UNBOUNDED = "headrace, all at once by the same reader";
    static final String WEB_CLIENT = "WebClient";
    static final List<String> PEERS = List.of(WEB_CLIENT, "okhttp-sse", "okhttp-eventsource", "JDK HttpClient, lines");

    private StringEvents() {}

    static List<Contestant> contestants(EventBlock block) {
        return List.of(
                Contestant.of(LIMIT, ReactorNettyReads.receive("/events", block.lines())),
                Contestant.of("socket and count, no chunks", SocketReads.count("/events", block.lines())),
                Contestant.of(HEADRACE, HeadraceEvents.texts()),
                Contestant.of(BOUNDED, HeadraceEvents.textsInWindows()),
                Contestant.of(UNBOUNDED, HeadraceEvents.textsInOneWindow()),
                Contestant.of(WEB_CLIENT, WebClientEvents.texts()),
                Contestant.of(PEERS.get(1), OkHttpEvents.texts()),
                Contestant.of(PEERS.get(2), LaunchDarklyEvents.texts()),
                Contestant.of(PEERS.get(3), JdkEvents.texts()));
    }
}
