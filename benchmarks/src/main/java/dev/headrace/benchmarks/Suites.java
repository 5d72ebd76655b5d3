package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All that is measured, in the order in which it runs. */
final class Suites {

    /** What two or more contestants do side by side. */
    private static final List<Workload> WORKLOADS = List.of(
            new SmallEvents(),
            new EventPerChunk(),
            new LargeEvents(),
            new LargeJsonEvents(),
            new JsonEvents(),
            new DocumentRecords(true),
            new DocumentRecords(false),
            new NdjsonRecords(),
            new PageRecords(false),
            new PageRecords(true),
            new BindingChoice(),
            new Requests(1),
            new Requests(64),
            new InterceptorCosts());

    private Suites() {}

    static List<Suite> all() {
        List<Suite> suites = new ArrayList<>();
        WORKLOADS.forEach(workload -> suites.add(new Comparison(workload)));
        suites.addAll(Downloads.suites());
        suites.add(new StartUp());
        suites.addAll(GrowthSuite.all());
        return suites;
    }

    /** Those whose names are given, with commas between; a trailing {@code *} stands for any end. */
    static List<Suite> named(String names) {
        List<String> wanted = Stream.of(names.split(",", -1)).map(String::trim).toList();
        List<Suite> all = all();
        for (String name : wanted) {
            if (all.stream().noneMatch(suite -> matches(name, suite))) {
                throw new IllegalArgumentException("No suite is called '" + name + "'; run.sh -l lists them");
            }
        }
        return all.stream()
                .filter(suite -> wanted.stream().anyMatch(name -> matches(name, suite)))
                .toList();
    }

    /** What the processes of contestants are told. */
    static Workload workload(String name) {
        return WORKLOADS.stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No suite with contestants is called '" + name + "'"));
    }

    private static boolean matches(String wanted, Suite suite) {
        return wanted.endsWith("*")
                ? suite.name().startsWith(wanted.substring(0, wanted.length() - 1))
                : suite.name().equals(wanted);
    }
}
