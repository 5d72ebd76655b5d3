package dev.headrace.json;

import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.module.blackbird.BlackbirdModule;

/**
 * Jackson's Blackbird module, where the user has put it on the class path: it binds by generated code instead of by reflection. It is not
 * brought along, because whoever finds it there uses it, Spring's own mapper too.
 *
 * <p>Public for the mapper of rows; of no use outside of this library.
 */
public final class FasterBinding {

    private FasterBinding() {}

    /**
     * Adds the module, if it is there.
     *
     * @param mapper a mapper that is being built
     * @param <B> the type of its builder
     * @return the same builder
     */
    public static <B extends MapperBuilder<?, B>> B addTo(B mapper) {
        try {
            return mapper.addModule(Blackbird.module());
        } catch (NoClassDefFoundError e) {
            // The module is optional.
            return mapper;
        }
    }

    /** Where the module is missing, not even this class can be linked. */
    private static final class Blackbird {

        static JacksonModule module() {
            return new BlackbirdModule();
        }
    }
}
