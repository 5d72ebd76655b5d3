package dev.headrace.spring;

import dev.headrace.http.Secret;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;

/** Events and record streams of the library in WebFlux, and events in {@code WebClient}. */
@AutoConfiguration
@ConditionalOnClass(HttpMessageWriter.class)
@EnableConfigurationProperties(HeadraceProperties.class)
final class HeadraceWebFluxAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SseEventWriter headraceSseEventWriter(HeadraceProperties properties) {
        return SseEventWriter.create().heartbeat(properties.sse().heartbeat());
    }

    @Bean
    @ConditionalOnMissingBean
    SseEventReader headraceSseEventReader() {
        return SseEventReader.create();
    }

    /** Both in the servers' codecs and in the clients'. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(CodecCustomizer.class)
    static class Codecs {

        @Bean
        CodecCustomizer headraceCodecCustomizer(SseEventReader reader, SseEventWriter writer) {
            return codecs -> {
                codecs.customCodecs().register(reader);
                codecs.customCodecs().register(writer);
            };
        }
    }

    /** Streams that controllers return. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    @ConditionalOnClass(DispatcherHandler.class)
    static class Serving {

        @Bean
        StateIds headraceStateIds(HeadraceProperties properties) {
            Secret key = properties.sse().signingKey();
            return key == null ? StateIds.ofThisProcess() : StateIds.signedBy(key);
        }

        @Bean
        MessageStreamResultHandler headraceMessageStreamResultHandler(
                @Qualifier("webFluxContentTypeResolver") RequestedContentTypeResolver types,
                @Qualifier("webFluxAdapterRegistry") ReactiveAdapterRegistry adapters,
                ListableBeanFactory beans,
                SseEventWriter events,
                StateIds ids) {
            return new MessageStreamResultHandler(types, adapters, beans, events, ids);
        }
    }
}
