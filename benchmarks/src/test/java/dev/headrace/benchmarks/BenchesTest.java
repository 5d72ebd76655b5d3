package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * Nobody runs them in a build, and then one day they do not run. Those that read a body prove by themselves that they have read all of it;
 * of the others it shows only that they run.
 */
class BenchesTest {

    private static Stream<Method> benchmarks() {
        return Stream.of(
                        ChainBench.class,
                        EventBench.class,
                        RecordBench.class,
                        HeaderBench.class,
                        RedactionBench.class,
                        CheckpointBench.class)
                .flatMap(bench -> Arrays.stream(bench.getMethods()))
                .filter(method -> method.isAnnotationPresent(Benchmark.class));
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void runs(Method benchmark) throws ReflectiveOperationException {
        Object bench = benchmark.getDeclaringClass().getConstructor().newInstance();

        assertThat(benchmark.invoke(bench)).isNotNull();
    }
}
