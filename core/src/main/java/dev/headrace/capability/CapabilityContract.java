package dev.headrace.capability;

import java.util.Objects;

/**
 * What a capability of a name has to take and give, for those that several integrations have in common.
 *
 * @param name the capability's name
 * @param input what it has to take: this class, or one that extends it, for arguments of the integration's own
 * @param output what it has to answer with: exactly this class
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
public record CapabilityContract<I, O>(String name, Class<I> input, Class<O> output) {

    /**
     * Checks that all is there.
     *
     * @param name the capability's name
     * @param input what it has to take
     * @param output what it has to answer with
     * @throws IllegalArgumentException if the name is none of a capability
     */
    public CapabilityContract {
        name = CapabilityName.checked(name);
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(output, "output");
    }

    /** Refuses what does not keep it. */
    void check(Capability<?, ?> capability) {
        if (!input.isAssignableFrom(capability.input())) {
            throw new IllegalArgumentException("The capability '" + name + "' takes "
                    + capability.input().getName() + ", but has to take " + input.getName() + " or what extends it");
        }
        if (!output.equals(capability.output())) {
            throw new IllegalArgumentException("The capability '" + name + "' answers with "
                    + capability.output().getName() + ", but has to answer with " + output.getName());
        }
    }
}
