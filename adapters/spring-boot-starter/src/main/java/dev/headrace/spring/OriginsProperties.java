package dev.headrace.spring;

import dev.headrace.http.OriginPolicy;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code origins}: which other origins are trusted.
 *
 * @param allow Other origins that may get credentials and be followed to, such as https://cdn.example.com.
 * @param others What becomes of next links to origins that are not allowed: refused, or followed without credentials (strip).
 */
record OriginsProperties(
        @DefaultValue List<String> allow,
        @DefaultValue("refuse") Others others) {

    /** What becomes of next links that lead elsewhere. */
    enum Others {
        /** They are an error. */
        REFUSE,
        /** They are followed without credentials. */
        STRIP
    }

    OriginPolicy policy(PropertyPath path) {
        OriginPolicy policy = OriginPolicy.sameOrigin();
        for (int i = 0; i < allow.size(); i++) {
            policy = path.set(policy, "allow[" + i + "]", allow.get(i), OriginPolicy::allow);
        }
        return others == Others.STRIP ? policy.strip() : policy;
    }
}
