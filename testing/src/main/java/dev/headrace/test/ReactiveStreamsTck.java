package dev.headrace.test;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/**
 * Runs a verification of the Reactive Streams TCK from JUnit: each of its TestNG tests becomes a dynamic test, what it skips is aborted.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> keepsTheRulesOfPublishers() {
 *     return ReactiveStreamsTck.testsOf(new MyVerification());
 * }
 * }</pre>
 *
 * <p>Needs {@code org.reactivestreams:reactive-streams-tck} on the class path, which {@code headrace-test} does not bring along.
 */
public final class ReactiveStreamsTck {

    private ReactiveStreamsTck() {}

    /**
     * Waits ten seconds for a signal that must come, so that a busy machine fails nothing, and 50 ms for one that must not.
     *
     * @return what a verification is made of
     */
    public static TestEnvironment environment() {
        return new TestEnvironment(10_000, 50, 10);
    }

    /**
     * The tests of a verification, run on this one instance in the order of their names.
     *
     * @param verification of the class {@code org.reactivestreams.tck.PublisherVerification}, say
     * @return a test for each, to be returned by a {@code @TestFactory}
     */
    public static Stream<DynamicTest> testsOf(Object verification) {
        return Arrays.stream(verification.getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(verification, method)));
    }

    private static void run(Object verification, Method test) throws Throwable {
        invokeAll(verification, BeforeClass.class);
        try {
            invokeAll(verification, BeforeMethod.class);
            invoke(verification, test);
        } finally {
            invokeAll(verification, AfterClass.class);
        }
    }

    private static void invokeAll(Object target, Class<? extends Annotation> mark) throws Throwable {
        for (Method method : target.getClass().getMethods()) {
            if (method.isAnnotationPresent(mark)) {
                invoke(target, method);
            }
        }
    }

    private static void invoke(Object target, Method method) throws Throwable {
        try {
            method.invoke(target);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                Assumptions.abort(skipped.getMessage());
            }
            throw e.getCause();
        }
    }
}
