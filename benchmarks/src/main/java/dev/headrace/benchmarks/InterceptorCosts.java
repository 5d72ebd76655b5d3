package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import reactor.netty.DisposableServer;

/**
 * What the chain costs above the bare transport: tiny requests over a real socket, 64 in flight, by the transport alone, by a connector
 * with defaults, with one thing more than those, with what a connector in production has, and with everything.
 */
final class InterceptorCosts implements Workload {

    private static final int IN_FLIGHT = 64;

    private static final String TRANSPORT = "transport";
    private static final String PRODUCTION = "auth, retry, rate limit, breaker";

    /** What a builder offers, one by one. Retry and statistics are among the defaults. */
    private static final Map<String, UnaryOperator<Connector.Builder>> EXTRAS = extras();

    private static Map<String, UnaryOperator<Connector.Builder>> extras() {
        Map<String, UnaryOperator<Connector.Builder>> extras = new LinkedHashMap<>();
        extras.put("auth", HeadraceCalls::auth);
        extras.put("rate limit", HeadraceCalls::rateLimit);
        extras.put("circuit breaker", HeadraceCalls::circuitBreaker);
        extras.put("bulkhead", HeadraceCalls::bulkhead);
        extras.put("error rules", HeadraceCalls::errorRules);
        extras.put("cookies", HeadraceCalls::cookies);
        extras.put("listener", HeadraceCalls::listener);
        extras.put("interceptor", HeadraceCalls::interceptor);
        extras.put("hook", HeadraceCalls::hook);
        extras.put("wire log that nobody reads", HeadraceCalls::wireLog);
        return extras;
    }

    @Override
    public String name() {
        return "interceptors";
    }

    @Override
    public String title() {
        return "What each part of the chain costs above the bare transport: tiny requests, " + IN_FLIGHT + " in flight";
    }

    @Override
    public String item() {
        return "request";
    }

    /** About half a second's. */
    @Override
    public int items() {
        return 20_000;
    }

    /** A call runs through more code than most, and fewer times: with less, a part of what is measured is the compiler. */
    @Override
    public Duration warmup() {
        return Duration.ofSeconds(8);
    }

    @Override
    public int quickItems() {
        return 1_000;
    }

    @Override
    public List<Contestant> contestants() {
        List<Contestant> contestants = new ArrayList<>();
        contestants.add(Contestant.of(TRANSPORT, HeadraceCalls.transport(IN_FLIGHT)));
        contestants.add(Contestant.of("defaults", HeadraceCalls.with(IN_FLIGHT, HeadraceCalls::defaults)));
        contestants.add(Contestant.of("defaults without retry", HeadraceCalls.with(IN_FLIGHT, HeadraceCalls::noRetry)));
        EXTRAS.forEach((name, extra) ->
                contestants.add(Contestant.of("defaults, " + name, HeadraceCalls.with(IN_FLIGHT, extra))));
        contestants.add(Contestant.of(PRODUCTION, HeadraceCalls.with(IN_FLIGHT, InterceptorCosts::production)));
        contestants.add(Contestant.of("everything", HeadraceCalls.with(IN_FLIGHT, InterceptorCosts::everything)));
        return contestants;
    }

    private static Connector.Builder production(Connector.Builder builder) {
        return HeadraceCalls.circuitBreaker(HeadraceCalls.rateLimit(HeadraceCalls.retry(HeadraceCalls.auth(builder))));
    }

    private static Connector.Builder everything(Connector.Builder builder) {
        Connector.Builder all = builder;
        for (UnaryOperator<Connector.Builder> extra : EXTRAS.values()) {
            all = extra.apply(all);
        }
        return all;
    }

    /** Statistics are always there, so they need no name of their own. */
    @Override
    public List<Goal> goals() {
        return Goals.per(item())
                .within(PRODUCTION, TRANSPORT, 1.10, Goals.NONE)
                .bytesAbove(PRODUCTION, TRANSPORT, 2_000, Goals.NONE)
                .toList();
    }

    @Override
    public Tally expected(Knobs knobs) {
        return new Tally(knobs.items(), (long) knobs.items() * TinyServer.BODY.length);
    }

    @Override
    public DisposableServer serve(Knobs knobs) {
        return TinyServer.start();
    }
}
