package dev.headrace.auth;

import dev.headrace.Defaults;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tenants in use and those used last, up to a limit. One that is in use, or that holds what would be lost, stays beyond it: two
 * renewals of one tenant at once would end its authorization where refresh tokens can be used once.
 */
final class Tenants {

    private final OAuth2Settings settings;
    private final TokenEndpoint endpoint;
    private final Map<Object, Tenant> tenants = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Tenant, Integer> users = new HashMap<>();

    Tenants(OAuth2Settings settings) {
        this.settings = settings;
        this.endpoint = new TokenEndpoint(settings);
    }

    /** A tenant to be used until it is {@linkplain #leave left}. */
    synchronized Tenant enter(Object key) {
        Tenant tenant = tenants.computeIfAbsent(key, wanted -> new Tenant(wanted, settings, endpoint));
        users.merge(tenant, 1, Integer::sum);
        Iterator<Tenant> longestUnused = tenants.values().iterator();
        while (tenants.size() > Defaults.TOKEN_TENANTS && longestUnused.hasNext()) {
            Tenant candidate = longestUnused.next();
            if (!users.containsKey(candidate) && candidate.isDispensable()) {
                longestUnused.remove();
            }
        }
        return tenant;
    }

    synchronized void leave(Tenant tenant) {
        users.computeIfPresent(tenant, (left, count) -> count == 1 ? null : count - 1);
    }

    synchronized @Nullable Tenant known(Object key) {
        return tenants.get(key);
    }

    synchronized int size() {
        return tenants.size();
    }
}
