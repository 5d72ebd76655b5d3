package dev.headrace.http;

import java.net.URI;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/**
 * One cross-cutting behaviour of an exchange: retry, credentials, limits, logs. Interceptors change an exchange; what only
 * observes is a listener.
 */
@FunctionalInterface
public interface Interceptor {

    /**
     * Handles a request, usually by passing it on, changed or not, once or more often.
     *
     * <p>Nothing may happen before subscription. An interceptor that does not pass a response on must
     * {@linkplain Response#discard() discard} it.
     *
     * @param request what the caller sends
     * @param next the rest of the chain
     * @return the response for the caller
     */
    Mono<Response> intercept(Request request, Exchange next);

    /**
     * An exchange with this behaviour around it.
     *
     * @param next the rest of the chain
     * @return the exchange
     */
    default Exchange around(Exchange next) {
        return request -> intercept(request, next);
    }

    /**
     * Reads the head of a document before the response is handed on, for requests that ask for it by
     * {@link ExchangeOptions#documentHead(int)}; belongs inside retry.
     *
     * @return the interceptor
     */
    static Interceptor documentHead() {
        return new DocumentHead();
    }

    /**
     * Follows redirects (RFC 9110 §15.4); belongs outside what is right for one origin only: cookies, the origin rule, credentials.
     *
     * <p>Followed are 301, 302, 303, 307 and 308 with a {@code Location}. GET and HEAD keep their method; after 303 every other method goes
     * on as GET without body; after 307 and 308 every method goes on as it is, <em>with its body, also to another origin</em>, if the body can
     * be replayed. All else, 301 and 302 to other methods included, is handed on as the answer, for guessing could write twice. The response
     * then is that of the last hop, and so are its {@link Response#request()} and {@link Response#uri()}.
     *
     * <p>Headers travel along, but for {@code Referer}, for {@code Host} when the origin changes, for those about the content when that is
     * dropped, and but for those that {@linkplain Headers#withoutSecrets() speak of a secret}: once a hop is on an origin that is not trusted,
     * these do not come back either when a later hop leads home.
     *
     * <p>The response errors with {@link RedirectException} beyond the limit, in a circle (the same method and URI again with no cookie set
     * since), from https down to http, for a {@code Location} that is no http or https URL or holds userinfo, and where another origin sends
     * anything but GET or HEAD home. Cancelling stops between hops as well.
     *
     * @param inherited how many hops are followed for requests that do not {@linkplain ExchangeOptions#maxRedirects(int) say it}; 0 for none
     * @param trusted whether a target is on an origin that may see secrets, as {@link OriginPolicy#trusts} has it
     * @return the interceptor
     * @throws IllegalArgumentException if the number is negative
     */
    static Interceptor redirects(int inherited, Predicate<? super URI> trusted) {
        return new Redirects(inherited, trusted);
    }

    /**
     * Keeps the cookies that responses set and sends them back (RFC 6265), for all requests that pass this one interceptor; belongs inside
     * the origin rule, so that another origin gets its own cookies and nobody else's.
     *
     * <p>As browsers do, with the differences that are safer for an API's client: a cookie goes back only to the port it came from (80 and 443
     * count as one). No list of public suffixes is kept: a {@code Domain} without an inner dot, such as {@code com}, is refused, one such as
     * {@code co.uk} is not. At most 50 cookies to a domain and 3,000 in all are kept, the oldest go first; one over 4 KiB is ignored. Cookies
     * are kept in memory only and never printed. Cookies that a request brings itself are sent too, and win over those of the same name.
     *
     * @return the interceptor, with an empty jar; safe to share
     */
    static Interceptor cookies() {
        return new Cookies(new CookieJar());
    }

    /**
     * Asks for gzip and decompresses it, for requests that ask for it by {@link ExchangeOptions#decompress(boolean)}; belongs next to
     * the transport.
     *
     * @return the interceptor
     */
    static Interceptor decompression() {
        return new Decompression();
    }
}
