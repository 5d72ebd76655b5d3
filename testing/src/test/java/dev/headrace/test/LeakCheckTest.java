package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class LeakCheckTest {

    @Test
    void failsAClassThatLosesABuffer() {
        assertThat(failureOf(Loses.class))
                .hasValueSatisfying(failure -> assertThat(failure)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("1 leaked during or before")
                        .hasMessageContaining("losesABuffer"));
    }

    @Test
    void leavesAClassAloneThatReleases() {
        assertThat(failureOf(Releases.class)).isEmpty();
    }

    /** Found by its own launcher only: Surefire takes no nested classes. */
    static final class Loses {
        @Test
        void losesABuffer() {
            PooledByteBufAllocator.DEFAULT.directBuffer(16).writeInt(1);
        }
    }

    static final class Releases {
        @Test
        void releasesABuffer() {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(16).writeInt(1);
            assertThat(buffer.release()).isTrue();
        }
    }

    private static Optional<Throwable> failureOf(Class<?> tests) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .build();
        ClassResult result = new ClassResult(tests);
        LauncherFactory.create().execute(request, result);
        return result.failure;
    }

    private static final class ClassResult implements TestExecutionListener {

        private final Class<?> tests;
        private Optional<Throwable> failure = Optional.empty();

        ClassResult(Class<?> tests) {
            this.tests = tests;
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isContainer() && test.getLegacyReportingName().endsWith(tests.getSimpleName())) {
                failure = result.getThrowable();
            }
        }
    }
}
