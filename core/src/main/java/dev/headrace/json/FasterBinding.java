package dev.headrace.json;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.module.blackbird.BlackbirdModule;

/**
 * Jackson's Blackbird module, where the user has put it on the class path: it binds by generated code instead of by reflection. It is not
 * brought along, because whoever finds it there uses it, Spring's own mapper too.
 */
final class FasterBinding {

    private FasterBinding() {}

    /** Where the module is missing, not even this class can be linked, so it is for the caller to catch that. */
    static void addTo(JsonMapper.Builder mapper) {
        mapper.addModule(new BlackbirdModule());
    }
}
