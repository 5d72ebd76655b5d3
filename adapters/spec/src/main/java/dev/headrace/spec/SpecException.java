package dev.headrace.spec;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A spec from which no source can be made, with all that is wrong with it. Of kind {@link FailureKind#CONFIGURATION}.
 */
public final class SpecException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    SpecException(String name, List<Problem> problems) {
        super(
                FailureKind.CONFIGURATION,
                problems.stream()
                        .map(problem -> "\n  " + name + ":" + problem)
                        .collect(Collectors.joining(
                                "",
                                name + " has " + problems.size() + (problems.size() == 1 ? " problem:" : " problems:"),
                                "")),
                null);
        this.problems = List.copyOf(problems);
    }

    /**
     * What is wrong.
     *
     * @return at least one problem, from the top of the document to its end
     */
    public List<Problem> problems() {
        return problems;
    }
}
