package dev.headrace.json;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.module.blackbird.BlackbirdModule;

/**
 * Jackson's Blackbird module, where the user has put it on the class path: it binds by generated code instead of by reflection. It is not
 * brought along, because whoever finds it there uses it, Spring's own mapper too.
 */
final class FasterBinding {

    private FasterBinding() {}

    static JsonMapper.Builder addTo(JsonMapper.Builder mapper) {
        try {
            return mapper.addModule(new BlackbirdModule());
        } catch (NoClassDefFoundError e) {
            return mapper;
        }
    }
}
