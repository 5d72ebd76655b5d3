package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is trusted with credentials, and who may be gone to without. */
class OriginPolicyTest {

    private static final URI BASE = URI.create("https://api.example.com/v1");

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/x, true, true",
        "https://API.example.com:443/x, true, true",
        "https://cdn.example.com/x, true, true",
        "https://api.example.com:8443/x, false, true",
        "https://example.com/x, false, true",
        "https://api.example.com.evil.org/x, false, true",
        "https://api.example.com@evil.org/x, false, true",
        "http://api.example.com/x, false, false",
        "http://far.example/x, false, false",
    })
    void trustsAndFollows(String target, boolean trusted, boolean followedWhenStripped) {
        OriginPolicy policy = OriginPolicy.sameOrigin().allow("https://cdn.example.com/ignored");
        URI uri = URI.create(target);

        assertThat(policy.trusts(BASE, uri)).isEqualTo(trusted);
        assertThat(policy.follows(BASE, uri)).isEqualTo(trusted);
        assertThat(policy.strip().trusts(BASE, uri)).isEqualTo(trusted);
        assertThat(policy.strip().follows(BASE, uri)).isEqualTo(followedWhenStripped);
    }

    @Test
    void keepsStrippingWhenMoreIsAllowed() {
        OriginPolicy policy = OriginPolicy.sameOrigin().strip().allow("http://far.example");

        assertThat(policy.follows(BASE, URI.create("http://far.example/"))).isTrue();
        assertThat(policy.follows(BASE, URI.create("https://other.example/"))).isTrue();
        assertThat(policy)
                .hasToString("OriginPolicy[same origin, [http://far.example:80], others without credentials]");
        assertThat(OriginPolicy.sameOrigin()).hasToString("OriginPolicy[same origin]");
    }

    @Test
    void refusesWhatIsNoUrl() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OriginPolicy.sameOrigin().strip().follows(BASE, URI.create("file:///etc/passwd")));
    }
}
