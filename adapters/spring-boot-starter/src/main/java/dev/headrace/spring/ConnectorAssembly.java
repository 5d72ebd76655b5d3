package dev.headrace.spring;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.http.TlsSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.NestedExceptionUtils;

/** Makes connectors from their properties. */
final class ConnectorAssembly {

    private final @Nullable SslBundles bundles;
    private final RefreshTokens refreshTokens;
    private final List<ConnectorCustomizer> customizers;

    ConnectorAssembly(
            @Nullable SslBundles bundles, RefreshTokens refreshTokens, List<ConnectorCustomizer> customizers) {
        this.bundles = bundles;
        this.refreshTokens = refreshTokens;
        this.customizers = customizers;
    }

    Connector connector(String name, ConnectorProperties properties) {
        PropertyPath path = HeadraceProperties.CONNECTORS.at(name);
        Connector.Builder builder = address(path, properties).name(name);
        policies(path, properties, builder);
        transport(path, properties, builder);
        customizers.forEach(customizer -> customizer.customize(name, builder));
        return path.attempt(builder::build);
    }

    private static Connector.Builder address(PropertyPath path, ConnectorProperties properties) {
        String baseUrl = path.required("base-url", properties.baseUrl());
        Connector.Builder builder = path.at("base-url").attempt(() -> Connector.builder(baseUrl));
        for (Map.Entry<String, String> header : properties.headers().entrySet()) {
            path.at("headers")
                    .set(
                            builder,
                            header.getKey(),
                            header.getValue(),
                            (connector, value) -> connector.header(header.getKey(), value));
        }
        path.set(builder, "max-redirects", properties.maxRedirects(), Connector.Builder::maxRedirects);
        path.enable(builder, "cookies", properties.cookies(), Connector.Builder::cookies);
        return path.at("health")
                .set(
                        builder,
                        "probe",
                        properties.health().probe(),
                        (connector, probe) -> connector.healthProbe(Request.get(probe)));
    }

    private void policies(PropertyPath path, ConnectorProperties properties, Connector.Builder builder) {
        if (properties.auth() != null) {
            properties.auth().auth(path.at("auth"), refreshTokens).ifPresent(builder::auth);
        }
        if (properties.timeouts() != null) {
            builder.timeouts(properties.timeouts().timeouts(path.at("timeouts")));
        }
        if (properties.retry() != null) {
            builder.retry(properties.retry().policy(path.at("retry")));
        }
        if (properties.rateLimit() != null) {
            builder.rateLimit(properties.rateLimit().policy(path.at("rate-limit")));
        }
        if (properties.circuitBreaker() != null) {
            builder.circuitBreaker(properties.circuitBreaker().policy(path.at("circuit-breaker")));
        }
        if (properties.bulkhead() != null) {
            builder.bulkhead(properties.bulkhead().policy(path.at("bulkhead")));
        }
        if (properties.origins() != null) {
            builder.origins(properties.origins().policy(path.at("origins")));
        }
    }

    private void transport(PropertyPath path, ConnectorProperties properties, Connector.Builder builder) {
        path.enable(builder, "http2", properties.http2(), Connector.Builder::http2);
        if (properties.pool() != null) {
            builder.pool(properties.pool().pool(path.at("pool")));
        }
        if (properties.proxy() != null) {
            builder.proxy(properties.proxy().proxy(path.at("proxy")));
        }
        if (properties.ssl() != null && properties.ssl().bundle() != null) {
            builder.tls(tls(path.at("ssl").at("bundle"), properties.ssl().bundle()));
        }
    }

    private TlsSettings tls(PropertyPath path, String name) {
        if (bundles == null) {
            throw path.refused("There are no SSL bundles here, for there is no bean of type SslBundles");
        }
        SslBundle bundle;
        SSLContext context;
        try {
            bundle = bundles.getBundle(name);
            context = bundle.createSslContext();
        } catch (NoSuchSslBundleException e) {
            throw path.refused("There is no SSL bundle named '" + name + "'; there are " + bundles.getBundleNames());
        } catch (RuntimeException e) {
            // Neither its message nor the failure itself: what should have been a file's name may be a key.
            throw path.refused("The SSL bundle '" + name + "' cannot be used ("
                    + NestedExceptionUtils.getMostSpecificCause(e).getClass().getName()
                    + "); look at the properties spring.ssl.bundle.*." + name);
        }
        SSLParameters known = context.getSupportedSSLParameters();
        String[] protocols = option(
                path, name, "enabled-protocols", bundle.getOptions().getEnabledProtocols(), known.getProtocols());
        String[] ciphers = option(path, name, "ciphers", bundle.getOptions().getCiphers(), known.getCipherSuites());
        TlsSettings tls = TlsSettings.context(context);
        tls = protocols.length == 0 ? tls : tls.protocols(protocols);
        return ciphers.length == 0 ? tls : tls.ciphers(ciphers);
    }

    /** What a bundle says of itself; nothing, and an empty list, leave it to Java. */
    private static String[] option(
            PropertyPath path, String bundle, String option, String @Nullable [] values, String[] known) {
        List<String> unknown = values == null
                ? List.of()
                : Arrays.stream(values)
                        .filter(value -> !Arrays.asList(known).contains(value))
                        .toList();
        if (!unknown.isEmpty()) {
            throw path.refused("Of spring.ssl.bundle.*." + bundle + ".options." + option + ", " + unknown
                    + " are not known to this Java, which knows " + Arrays.toString(known));
        }
        return values == null ? new String[0] : values;
    }
}
