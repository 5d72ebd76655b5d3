package dev.headrace.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Blocking calls of OkHttp on as many threads as are in flight, with a pool that keeps as many connections. */
final class OkHttpCalls {

    private OkHttpCalls() {}

    static Contestant.Preparation onThreads(int inFlight) {
        return (url, knobs) -> {
            OkHttpClient client = new OkHttpClient.Builder()
                    .connectionPool(new ConnectionPool(inFlight, 5, TimeUnit.MINUTES))
                    .build();
            Request request = new Request.Builder().url(url + Requests.PATH).build();
            ExecutorService threads = Executors.newFixedThreadPool(inFlight, task -> {
                Thread thread = new Thread(task, "caller");
                thread.setDaemon(true);
                return thread;
            });
            return () -> {
                AtomicInteger left = new AtomicInteger(knobs.items());
                List<Callable<Tally>> callers = new ArrayList<>();
                for (int i = 0; i < inFlight; i++) {
                    callers.add(() -> call(client, request, left));
                }
                long items = 0;
                long sum = 0;
                for (Future<Tally> caller : threads.invokeAll(callers)) {
                    items += caller.get().items();
                    sum += caller.get().sum();
                }
                return new Tally(items, sum);
            };
        };
    }

    private static Tally call(OkHttpClient client, Request request, AtomicInteger left) throws IOException {
        Tally.Counter counter = new Tally.Counter();
        while (left.getAndDecrement() > 0) {
            try (Response response = client.newCall(request).execute()) {
                counter.add(response.body().bytes().length);
            }
        }
        return counter.result();
    }
}
