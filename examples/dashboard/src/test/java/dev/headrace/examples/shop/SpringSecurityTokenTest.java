package dev.headrace.examples.shop;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.spring.ConnectorCustomizer;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import reactor.core.publisher.Mono;

/** Tokens of a client of Spring Security, in an application that has one already. */
class SpringSecurityTokenTest {

    private static final Duration SOON = ofSeconds(10);

    @EnableAutoConfiguration
    static class Application {

        @Bean
        ConnectorCustomizer crmToken(ReactiveOAuth2AuthorizedClientManager clients) {
            OAuth2AuthorizeRequest request = OAuth2AuthorizeRequest.withClientRegistrationId("crm")
                    .principal("shop")
                    .build();
            Mono<Secret> token = Mono.defer(() -> clients.authorize(request))
                    .map(client -> Secret.of(client.getAccessToken().getTokenValue()));
            return (name, builder) -> {
                if (name.equals("crm")) {
                    builder.auth(Auth.bearer(token)); // asked for with each attempt
                }
            };
        }

        /** Gives another token each time; the real one keeps its token as long as it is good. */
        @Bean
        ReactiveOAuth2AuthorizedClientManager clients() {
            ClientRegistration registration = ClientRegistration.withRegistrationId("crm")
                    .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                    .clientId("shop")
                    .tokenUri("https://login.example.com/oauth2/token")
                    .build();
            AtomicInteger issued = new AtomicInteger();
            return request -> Mono.fromSupplier(() -> new OAuth2AuthorizedClient(
                    registration, request.getPrincipal().getName(), token("a" + issued.incrementAndGet())));
        }

        private static OAuth2AccessToken token(String value) {
            Instant now = Instant.now();
            return new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, value, now, now.plusSeconds(3600));
        }
    }

    @Test
    void isAskedForWithEachAttempt() {
        try (TestServer crm = Route.fixed(200, "application/json", "{}").start();
                ConfigurableApplicationContext application = start(crm)) {
            Connector connector = application.getBean(Connector.class);
            var first = connector.exchange(Request.get("/")).block(SOON);
            var second = connector.exchange(Request.get("/")).block(SOON);

            assertThat(first).isNotNull();
            assertThat(second).isNotNull();
            assertThat(crm.requests())
                    .extracting(request -> request.header("Authorization"))
                    .containsExactly(Optional.of("Bearer a1"), Optional.of("Bearer a2"));
        }
    }

    private static ConfigurableApplicationContext start(TestServer crm) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .run("--spring.config.name=none", "--headrace.connectors.crm.base-url=" + crm.url());
    }
}
