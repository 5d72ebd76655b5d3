package dev.headrace.benchmarks;

/** A suite whose answer is better seen than read. */
interface PlottedSuite extends Suite {

    /**
     * Draws what was found.
     *
     * @param result what {@link #run()} gave
     * @return an SVG document
     */
    String plot(SuiteResult result);
}
