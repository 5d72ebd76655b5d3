package dev.headrace.http;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Reads the head of a document before it hands the response on, then replays it, so that a break within the head is a failed attempt
 * that retry sees. How much is the request's {@link ExchangeOptions#documentHead()}; responses that are no success pass as they are.
 */
final class DocumentHead implements Interceptor {

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        int limit = request.options().documentHead();
        if (limit == 0) {
            return next.exchange(request);
        }
        return next.exchange(request)
                .flatMap(response -> response.isSuccessful() ? readHead(response, limit) : Mono.just(response));
    }

    private static Mono<Response> readHead(Response response, int limit) {
        return Mono.create(sink -> {
            HeadReader reader = new HeadReader(response, limit, sink);
            sink.onCancel(reader::cancel);
            response.body().subscribe(reader);
        });
    }

    /**
     * The one subscriber of the body: first it collects, then it is the body that replays what it collected and lets the rest through.
     *
     * <p>An operator of our own because one subscription must first decide a {@code Mono} and then go on as a {@code Flux}; no
     * composition hands a half-read stream over. While the collected chunks are replayed, nothing is asked of upstream, so the only
     * signal that can come meanwhile is the end; it waits in {@code done} until the replay is over.
     */
    private static final class HeadReader extends Flux<ByteBuf> implements CoreSubscriber<ByteBuf>, Subscription {

        private static final AtomicLongFieldUpdater<HeadReader> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(HeadReader.class, "requested");

        private final Response response;
        private final int limit;
        private final MonoSink<Response> sink;
        // Concurrent, for a cancel may come from anywhere while the head is still being collected.
        private final Queue<ByteBuf> head = new ConcurrentLinkedQueue<>();
        private final AtomicInteger wip = new AtomicInteger();
        private int headBytes;
        private boolean handedOver;
        private boolean ended;
        private @Nullable Throwable error;
        // Volatile, as is `cancelled`: a cancel that does not see the subscription must be seen by whoever sets it.
        private volatile @Nullable Subscription upstream;
        private volatile @Nullable CoreSubscriber<? super ByteBuf> actual;
        private volatile @Nullable Throwable refused;
        private volatile boolean done;
        private volatile boolean cancelled;
        private volatile long requested;

        HeadReader(Response response, int limit, MonoSink<Response> sink) {
            this.response = response;
            this.limit = limit;
            this.sink = sink;
        }

        @Override
        public Context currentContext() {
            CoreSubscriber<? super ByteBuf> reader = actual;
            return reader == null ? Context.of(sink.contextView()) : reader.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            if (cancelled) {
                subscription.cancel();
            } else {
                subscription.request(1);
            }
        }

        @Override
        public void onNext(ByteBuf chunk) {
            if (handedOver) {
                CoreSubscriber<? super ByteBuf> reader = actual;
                if (reader != null) {
                    reader.onNext(chunk);
                }
                return;
            }
            head.add(chunk.retain());
            headBytes += chunk.readableBytes();
            if (cancelled) {
                drain();
            } else if (headBytes >= limit) {
                handOver();
            } else {
                Objects.requireNonNull(upstream).request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            error = failure;
            done = true;
            if (handedOver) {
                drain();
            } else {
                cancelled = true;
                drain();
                sink.error(failure);
            }
        }

        @Override
        public void onComplete() {
            done = true;
            if (handedOver) {
                drain();
            } else {
                handOver();
            }
        }

        private void handOver() {
            handedOver = true;
            Response replayed = response.replacingBody(this, this::abort);
            ExchangeScope.track(sink.contextView(), replayed);
            sink.success(replayed);
        }

        /** Nobody has begun to read: what was collected goes, and the rest is not wanted. */
        private void abort() {
            if (actual == null) {
                cancel();
            }
        }

        @Override
        public void subscribe(CoreSubscriber<? super ByteBuf> reader) {
            if (actual != null || cancelled) {
                Operators.error(reader, new IllegalStateException("A response body can be read only once"));
                return;
            }
            actual = reader;
            reader.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                refused = new IllegalArgumentException("§3.9: demand must be positive, but is " + n);
            } else {
                Operators.addCap(REQUESTED, this, n);
            }
            drain();
        }

        @Override
        public void cancel() {
            cancelled = true;
            // §3.13: whoever keeps the body need not keep its reader.
            actual = null;
            Subscription subscription = upstream;
            if (subscription != null && !done) {
                subscription.cancel();
            }
            drain();
        }

        private void drain() {
            if (wip.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            do {
                if (cancelled) {
                    release();
                } else {
                    emit();
                }
                missed = wip.addAndGet(-missed);
            } while (missed != 0);
        }

        private void emit() {
            CoreSubscriber<? super ByteBuf> reader = actual;
            if (reader == null || ended) {
                return;
            }
            Throwable refusal = refused;
            if (refusal != null) {
                ended = true;
                Objects.requireNonNull(upstream).cancel();
                release();
                reader.onError(refusal);
                return;
            }
            while (!head.isEmpty() && requested > 0 && !cancelled) {
                Operators.produced(REQUESTED, this, 1);
                ByteBuf chunk = head.remove();
                try {
                    reader.onNext(chunk);
                } finally {
                    chunk.release();
                }
            }
            if (cancelled) {
                release();
            } else if (head.isEmpty() && done) {
                ended = true;
                if (error == null) {
                    reader.onComplete();
                } else {
                    reader.onError(error);
                }
            } else if (head.isEmpty()) {
                long wanted = REQUESTED.getAndSet(this, 0);
                if (wanted > 0) {
                    Objects.requireNonNull(upstream).request(wanted);
                }
            }
        }

        private void release() {
            for (ByteBuf chunk = head.poll(); chunk != null; chunk = head.poll()) {
                chunk.release();
            }
        }
    }
}
