package dev.headrace.http;

/** How a connection is made: whom it trusts and what it goes through. Connections of different routes are never shared. */
record Route(TlsSettings tls, ProxySettings proxy) {

    /** For requests that ask for nothing of their own. */
    static Route of(TransportSettings settings) {
        return new Route(settings.tls(), settings.proxy().forAll());
    }

    /** The one for all others itself, where a request asks for the same. */
    static Route of(Request request, TransportSettings settings, Route ordinary) {
        TlsSettings tls = request.options().tlsOver(settings.tls());
        ProxySettings chosen = request.options().proxyOver(settings.proxy());
        ProxySettings proxy = chosen.covers(request.uri().getHost()) ? chosen.forAll() : ProxySettings.none();
        return tls.equals(ordinary.tls) && proxy.equals(ordinary.proxy) ? ordinary : new Route(tls, proxy);
    }
}
