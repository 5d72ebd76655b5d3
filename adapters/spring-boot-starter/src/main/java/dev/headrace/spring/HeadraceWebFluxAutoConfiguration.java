package dev.headrace.spring;

import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.codec.HttpMessageWriter;

/** Events and record streams of the library in WebFlux, and events in {@code WebClient}. */
@AutoConfiguration
@ConditionalOnClass(HttpMessageWriter.class)
public final class HeadraceWebFluxAutoConfiguration {

    /** For Spring, which makes it. */
    public HeadraceWebFluxAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    SseEventWriter headraceSseEventWriter(Environment environment) {
        SseEventWriter writer = SseEventWriter.create();
        Duration heartbeat = environment.getProperty("headrace.sse.heartbeat", Duration.class);
        return heartbeat == null ? writer : writer.heartbeat(heartbeat);
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
}
