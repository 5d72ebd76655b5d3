package dev.headrace.http;

/** How a connection is made: whom it trusts and what it goes through. Connections of different routes are never shared. */
record Route(TlsSettings tls, ProxySettings proxy) {

    /** For requests that ask for nothing of their own. */
    static Route of(TransportSettings settings) {
        return new Route(settings.tls(), settings.proxy().forAll());
    }

    static Route of(Request request, TransportSettings settings) {
        ProxySettings proxy = request.options().proxyOver(settings.proxy());
        return new Route(
                request.options().tlsOver(settings.tls()),
                proxy.covers(request.uri().getHost()) ? proxy.forAll() : ProxySettings.none());
    }
}
