package dev.headrace.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Puts a jar's cookies on every request that passes and keeps those that its response sets, whatever its status (RFC 6265 §3). */
final class Cookies implements Interceptor {

    private final CookieJar jar;

    Cookies(CookieJar jar) {
        this.jar = jar;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return Mono.defer(() -> {
            URI uri = request.uri();
            return next.exchange(withCookies(request, jar.cookiesFor(uri)))
                    .doOnNext(response -> response.headers().all("Set-Cookie").forEach(field -> jar.keep(uri, field)));
        });
    }

    private static Request withCookies(Request request, List<CookieJar.Pair> kept) {
        if (kept.isEmpty()) {
            return request;
        }
        List<String> pairs = new ArrayList<>(request.headers().all("Cookie"));
        Set<String> own = names(pairs);
        for (CookieJar.Pair pair : kept) {
            if (!own.contains(pair.name())) {
                pairs.add(sendable(pair.text().reveal()));
            }
        }
        // One field for all (RFC 6265 §5.4).
        return request.header("Cookie", String.join("; ", pairs));
    }

    private static Set<String> names(List<String> fields) {
        Set<String> names = new HashSet<>();
        for (String field : fields) {
            for (String pair : field.split(";", -1)) {
                int equals = pair.indexOf('=');
                names.add((equals < 0 ? pair : pair.substring(0, equals)).strip());
            }
        }
        return names;
    }

    /** What came as one char for each byte is taken for UTF-8, for as that the transport writes it: the bytes return as they came. */
    private static String sendable(String received) {
        return received.chars().allMatch(c -> c < 0x80)
                ? received
                : new String(received.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
