package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class ConnectorBeansTest {

    private final ApplicationContextRunner two = Contexts.github("https://api.github.com")
            .withPropertyValues("headrace.connectors.gitlab.base-url=https://gitlab.com/api");

    @Test
    void eachNameIsABean() {
        two.run(context -> {
            Connectors connectors = context.getBean(Connectors.class);

            assertThat(connectors.names()).containsExactly("github", "gitlab");
            assertThat(context.getBean("githubConnector")).isSameAs(connectors.get("github"));
            assertThat(context.getBean("gitlabConnector")).isSameAs(connectors.get("gitlab"));
            assertThat(connectors.all()).containsOnlyKeys("github", "gitlab");
            assertThat(connectors).hasToString("Connectors[github, gitlab]");
        });
    }

    @Test
    void nameIsItsOwnForMetrics() {
        two.run(context -> assertThat(context.getBean(Connectors.class)
                        .get("gitlab")
                        .settings()
                        .name())
                .isEqualTo("gitlab"));
    }

    @Test
    void nameIsAQualifier() {
        two.withUserConfiguration(ByQualifier.class)
                .run(context -> assertThat(
                                context.getBean(Holder.class).connector().baseUrl())
                        .hasHost("gitlab.com"));
    }

    @Test
    void parameterNameIsEnough() {
        two.withUserConfiguration(ByParameterName.class)
                .run(context -> assertThat(
                                context.getBean(Holder.class).connector().baseUrl())
                        .hasHost("api.github.com"));
    }

    @Test
    void nameWithAHyphenIsOneInCamelCaseToo() {
        two.withPropertyValues("headrace.connectors.git-hub.base-url=https://git-hub.example.com")
                .withUserConfiguration(ByCamelCase.class)
                .run(context -> {
                    assertThat(context.getBean(Holder.class).connector().baseUrl())
                            .hasHost("git-hub.example.com");
                    assertThat(context.getBean("git-hubConnector")).isSameAs(context.getBean("gitHubConnector"));
                });
    }

    @Test
    void theOnlyOneNeedsNoQualifier() {
        Contexts.github("https://api.github.com")
                .withUserConfiguration(ByType.class)
                .run(context -> assertThat(
                                context.getBean(Holder.class).connector().baseUrl())
                        .hasHost("api.github.com"));
    }

    @Test
    void oneOfSeveralNeedsAQualifier() {
        two.withUserConfiguration(ByType.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasRootCauseInstanceOf(NoUniqueBeanDefinitionException.class));
    }

    @Test
    void unknownNameListsTheOthers() {
        two.run(context -> assertThatThrownBy(
                        () -> context.getBean(Connectors.class).get("bitbucket"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no connector named 'bitbucket' among headrace.connectors;"
                        + " there are [github, gitlab]"));
    }

    @Test
    void nothingConfiguredIsNoConnector() {
        Contexts.core().run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(Connector.class);
            assertThatThrownBy(() -> context.getBean(Connectors.class).get("any"))
                    .hasMessage("There is no connector named 'any' among headrace.connectors; there are none");
        });
    }

    @Test
    void beanOfTheUsersOfThatNameWins() {
        two.withUserConfiguration(OwnGithub.class)
                .run(context -> assertThat(context.getBean("githubConnector", Connector.class)
                                .baseUrl())
                        .hasHost("own.example.com"));
    }

    @Test
    void connectorsOfTheUsersWin() {
        two.withUserConfiguration(OwnConnectors.class).run(context -> {
            Connectors connectors = context.getBean(Connectors.class);

            assertThat(connectors.names()).containsExactly("github", "own");
            assertThat(connectors.get("github").baseUrl()).hasHost("own.example.com");
            assertThat(context.getBean("githubConnector")).isSameAs(connectors.get("github"));
            assertThatThrownBy(() -> context.getBean("gitlabConnector"))
                    .hasRootCauseMessage("There is no connector named 'gitlab' among headrace.connectors;"
                            + " there are [github, own]");
        });
    }

    @Test
    void otherNameOfABeanOfTheUsersWins() {
        two.withUserConfiguration(OwnByAnotherName.class)
                .run(context -> assertThat(context.getBean("githubConnector", Connector.class)
                                .baseUrl())
                        .hasHost("own.example.com"));
    }

    @Test
    void namesThatDifferByAHyphenOnlyAreTwoBeans() {
        Contexts.core()
                .withPropertyValues(
                        "headrace.connectors.git-hub.base-url=https://hyphen.example.com",
                        "headrace.connectors.[gitHub].base-url=https://camel.example.com")
                .run(context -> {
                    assertThat(context.getBean("git-hubConnector", Connector.class)
                                    .baseUrl())
                            .hasHost("hyphen.example.com");
                    assertThat(context.getBean("gitHubConnector", Connector.class)
                                    .baseUrl())
                            .hasHost("camel.example.com");
                });
    }

    @Test
    void namesComeFromTheEnvironmentToo() {
        Contexts.core()
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "systemEnvironment",
                                Map.of("HEADRACE_CONNECTORS_GITHUB_BASEURL", "https://api.github.com"))))
                .run(context -> assertThat(context).hasBean("githubConnector"));
    }

    @Test
    void customizersHaveTheLastWordInTheirOrder() {
        two.withPropertyValues("headrace.connectors.github.max-redirects=3")
                .withUserConfiguration(Customizers.class)
                .run(context -> {
                    Connectors connectors = context.getBean(Connectors.class);

                    assertThat(connectors.get("github").settings().maxRedirects())
                            .isEqualTo(2);
                    assertThat(connectors.get("gitlab").settings().maxRedirects())
                            .isEqualTo(5);
                    assertThat(context.getBean("seen"))
                            .isEqualTo(List.of("first github", "second github", "first gitlab", "second gitlab"));
                });
    }

    /** Who was given a connector. */
    record Holder(Connector connector) {}

    @Configuration(proxyBeanMethods = false)
    static class ByQualifier {
        @Bean
        Holder holder(@Qualifier("gitlab") Connector connector) {
            return new Holder(connector);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ByParameterName {
        @Bean
        Holder holder(Connector githubConnector) {
            return new Holder(githubConnector);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ByCamelCase {
        @Bean
        Holder holder(Connector gitHubConnector) {
            return new Holder(gitHubConnector);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ByType {
        @Bean
        Holder holder(Connector connector) {
            return new Holder(connector);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnGithub {
        @Bean
        Connector githubConnector() {
            return Connector.builder("https://own.example.com").build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnConnectors {
        @Bean
        Connectors connectors() {
            Map<String, Connector> connectors = new LinkedHashMap<>();
            connectors.put(
                    "github", Connector.builder("https://own.example.com").build());
            connectors.put("own", Connector.builder("https://own.example.com").build());
            return Connectors.of(connectors);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnByAnotherName {
        @Bean({"own", "githubConnector"})
        Connector own() {
            return Connector.builder("https://own.example.com").build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {
        @Bean
        List<String> seen() {
            return new CopyOnWriteArrayList<>();
        }

        @Bean
        @Order(2)
        ConnectorCustomizer second(List<String> seen) {
            return (name, builder) -> {
                seen.add("second " + name);
                if (name.equals("github")) {
                    builder.maxRedirects(2);
                }
            };
        }

        @Bean
        @Order(1)
        ConnectorCustomizer first(List<String> seen) {
            return (name, builder) -> {
                seen.add("first " + name);
                if (name.equals("github")) {
                    builder.maxRedirects(1);
                }
            };
        }
    }
}
