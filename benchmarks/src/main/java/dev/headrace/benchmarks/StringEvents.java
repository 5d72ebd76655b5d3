package dev.headrace.benchmarks;

import java.util.List;

/** Who takes part where events are read as text: id, name and data as strings. */
final class StringEvents {

    private StringEvents() {}

    static List<Contestant> contestants(EventBlock block) {
        return List.of(
                Contestant.of("receive and count", ReactorNettyReads.receive("/events", block.lines())),
                Contestant.of("socket and count, no chunks", SocketReads.count("/events", block.lines())),
                Contestant.of("headrace", HeadraceEvents.texts()),
                Contestant.of("headrace, 256 at a time", HeadraceEvents.textsInWindows()),
                Contestant.of("WebClient", WebClientEvents.texts()),
                Contestant.of("okhttp-sse", OkHttpEvents.texts()),
                Contestant.of("okhttp-eventsource", LaunchDarklyEvents.texts()),
                Contestant.of("JDK HttpClient, lines", JdkEvents.texts()));
    }
}
