package dev.headrace.spring;

import dev.headrace.http.ProxySettings;
import dev.headrace.http.Secret;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code proxy}: what connections go through.
 *
 * @param type What kind of proxy it is. Default http.
 * @param host Its name or address.
 * @param port Its port.
 * @param user The user's name, if it asks for one.
 * @param password The user's password.
 * @param passwordFile File that holds the user's password; it is read once.
 * @param except Hosts that are connected to directly: names, *.domain or *.
 * @param fromEnvironment Whether the proxy is that of HTTPS_PROXY, ALL_PROXY and NO_PROXY, in place of a host here.
 */
record ProxyProperties(
        @Nullable Type type,
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String user,
        @Nullable Secret password,
        @Nullable Path passwordFile,
        @DefaultValue List<String> except,
        boolean fromEnvironment) {

    /** Kinds of proxies. */
    enum Type {
        /** An HTTP proxy that tunnels. */
        HTTP,
        /** A SOCKS 5 proxy. */
        SOCKS5
    }

    ProxySettings proxy(PropertyPath path) {
        ProxySettings proxy =
                fromEnvironment ? path.at("from-environment").attempt(() -> fromEnvironment(path)) : own(path);
        for (int i = 0; i < except.size(); i++) {
            proxy = path.set(proxy, "except[" + i + "]", except.get(i), ProxySettings::except);
        }
        return proxy;
    }

    private ProxySettings fromEnvironment(PropertyPath path) {
        path.onlyOne("type", type, "from-environment", true);
        path.onlyOne("host", host, "from-environment", true);
        path.onlyOne("port", port, "from-environment", true);
        path.onlyOne("user", user, "from-environment", true);
        path.onlyOne("password", password, "from-environment", true);
        path.onlyOne("password-file", passwordFile, "from-environment", true);
        return ProxySettings.fromEnvironment();
    }

    private ProxySettings own(PropertyPath path) {
        String name = path.required("host", host);
        int number = path.required("port", port);
        ProxySettings proxy = path.at(name.isBlank() ? "host" : "port")
                .attempt(() ->
                        type == Type.SOCKS5 ? ProxySettings.socks5(name, number) : ProxySettings.http(name, number));
        if (user == null) {
            if (password != null || passwordFile != null) {
                throw path.at("user").refused("It must be set, for there is a password");
            }
            return proxy;
        }
        return proxy.credentials(
                user, GivenSecret.of(path, "password", password, passwordFile).now());
    }
}
