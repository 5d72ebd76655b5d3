package dev.headrace.test;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that lost a Netty buffer.
 *
 * <p>A JUnit extension. With {@code junit.jupiter.extensions.autodetection.enabled=true} it is there without being
 * asked; otherwise {@code @ExtendWith(LeakCheck.class)}. It hears every report of Netty's leak detector; run with
 * {@code -Dio.netty.leakDetection.level=paranoid}, or most leaks go unseen.
 *
 * <p>After a class, and only if a buffer made during it is still open, it asks for up to three garbage
 * collections, because Netty notices a leak only when the lost buffer is collected. That costs tens of milliseconds. A
 * buffer that something still refers to is no leak yet; use {@link CountingAllocator} where every buffer must be back.
 * When classes run in parallel, a leak may be reported by another class than its own: the report says where the buffer
 * was touched.
 */
public final class LeakCheck implements AfterAllCallback {

    private static final int COLLECTIONS = 3;
    private static final long COLLECTION_MILLIS = 100;

    private static final ConcurrentLinkedQueue<String> REPORTS = new ConcurrentLinkedQueue<>();

    /** Buffers made since the last check and not released; their trackers do not keep them from being collected. */
    private static final Set<OpenTracker<?>> OPEN = ConcurrentHashMap.newKeySet();

    static {
        // Before the first buffer: Netty's classes keep the detector they get when they are loaded.
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // the only method that must be given
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new ReportingDetector<>(resource, samplingInterval);
            }
        });
    }

    /** For JUnit. */
    public LeakCheck() {}

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        if (!OPEN.isEmpty()) {
            collectGarbage();
        }
        OPEN.clear();
        List<String> leaks = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            leaks.add(report);
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError("%d leaked during or before %s%n%s"
                    .formatted(leaks.size(), context.getDisplayName(), String.join(System.lineSeparator(), leaks)));
        }
    }

    private static void collectGarbage() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS && REPORTS.isEmpty() && !OPEN.isEmpty(); i++) {
            ReferenceQueue<Object> collected = new ReferenceQueue<>();
            Reference<Object> sentinel = new PhantomReference<>(new Object(), collected);
            try {
                System.gc();
                collected.remove(COLLECTION_MILLIS);
            } finally {
                Reference.reachabilityFence(sentinel);
            }
            // The detector looks for lost buffers when it is given another; heap buffers it is not given.
            UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
    }

    private static final class ReportingDetector<T> extends ResourceLeakDetector<T> {

        ReportingDetector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        public @Nullable ResourceLeakTracker<T> track(T resource) {
            return counted(super.track(resource));
        }

        @Override
        public ResourceLeakTracker<T> trackForcibly(T resource) {
            return new OpenTracker<>(super.trackForcibly(resource));
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            super.reportTracedLeak(resourceType, records);
            lost(resourceType + " was never released:" + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            super.reportUntracedLeak(resourceType);
            lost(resourceType + " was never released (no trace: raise io.netty.leakDetection.level)");
        }

        private static void lost(String report) {
            REPORTS.add(report);
        }

        private static <T> @Nullable ResourceLeakTracker<T> counted(@Nullable ResourceLeakTracker<T> tracker) {
            return tracker == null ? null : new OpenTracker<>(tracker);
        }
    }

    private static final class OpenTracker<T> implements ResourceLeakTracker<T> {

        private final ResourceLeakTracker<T> tracker;

        OpenTracker(ResourceLeakTracker<T> tracker) {
            this.tracker = tracker;
            OPEN.add(this);
        }

        @Override
        public void record() {
            tracker.record();
        }

        @Override
        public void record(Object hint) {
            tracker.record(hint);
        }

        @Override
        public boolean close(T resource) {
            boolean first = tracker.close(resource);
            if (first) {
                OPEN.remove(this);
            }
            return first;
        }

        @Override
        public @Nullable Throwable getCloseStackTraceIfAny() {
            return tracker.getCloseStackTraceIfAny();
        }
    }
}
