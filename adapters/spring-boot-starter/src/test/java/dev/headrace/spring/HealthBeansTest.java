package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributors;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** When there is health, and of whom. */
class HealthBeansTest {

    private static final String BEAN = "headraceHealthContributor";
    private static final Status DEGRADED = ConnectorHealthIndicator.DEGRADED;

    private final ApplicationContextRunner none = Contexts.core()
            .withConfiguration(AutoConfigurations.of(
                    HealthContributorRegistryAutoConfiguration.class,
                    HeadraceHealthAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class));

    private final ApplicationContextRunner two = none.withPropertyValues(
            "headrace.connectors.github.base-url=https://api.github.com",
            "headrace.connectors.gitlab.base-url=https://gitlab.com");

    @Test
    void eachConnectorIsAnEntry() {
        two.run(context -> assertThat(context.getBean(BEAN, CompositeReactiveHealthContributor.class).stream()
                        .map(ReactiveHealthContributors.Entry::name))
                .containsExactly("github", "gitlab"));
    }

    @Test
    void oneThatIsSwitchedOffIsLeftOut() {
        two.withPropertyValues("headrace.connectors.github.health.enabled=false")
                .run(context -> assertThat(context.getBean(BEAN, CompositeReactiveHealthContributor.class).stream()
                                .map(ReactiveHealthContributors.Entry::name))
                        .containsExactly("gitlab"));
    }

    @Test
    void noneWithoutConnectors() {
        none.run(HealthBeansTest::assertNoHealth);
    }

    private static void assertNoHealth(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        assertThat(context.getBean(ReactiveHealthContributorRegistry.class).getContributor("headrace"))
                .isNull();
    }

    @Test
    void connectorsOfTheUsersHaveOneWithoutProperties() {
        none.withBean(
                        Connectors.class,
                        () -> Connectors.of(Map.of(
                                "own",
                                Connector.builder("https://own.example.com").build())))
                .run(context -> {
                    assertThat(context.getBean(BEAN, CompositeReactiveHealthContributor.class).stream()
                                    .map(ReactiveHealthContributors.Entry::name))
                            .containsExactly("own");
                    assertThat(context.getBean(ReactiveHealthContributorRegistry.class)
                                    .getContributor("headrace"))
                            .isNotNull();
                });
    }

    @Test
    void noneWhereAllAreSwitchedOff() {
        two.withPropertyValues(
                        "headrace.connectors.github.health.enabled=false",
                        "headrace.connectors.gitlab.health.enabled=false")
                .run(HealthBeansTest::assertNoHealth);
    }

    @Test
    void noneWhereActuatorHasSwitchedItOff() {
        two.withPropertyValues("management.health.headrace.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }

    @Test
    void noneWithoutTheLibrary() {
        two.withClassLoader(new FilteredClassLoader(ReactiveHealthContributor.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }

    @Test
    void ofTheUsersWins() {
        CompositeReactiveHealthContributor own = CompositeReactiveHealthContributor.fromMap(Map.of());
        two.withBean(BEAN, CompositeReactiveHealthContributor.class, () -> own)
                .run(context -> assertThat(context.getBean(BEAN)).isSameAs(own));
    }

    @Test
    void degradedIsWorseThanUpAndBetterThanDown() {
        two.run(context -> {
            StatusAggregator statuses = context.getBean(StatusAggregator.class);

            assertThat(statuses.getAggregateStatus(DEGRADED, Status.UP)).isEqualTo(DEGRADED);
            assertThat(statuses.getAggregateStatus(DEGRADED)).isEqualTo(DEGRADED);
            assertThat(statuses.getAggregateStatus(DEGRADED, Status.DOWN)).isEqualTo(Status.DOWN);
            assertThat(statuses.getAggregateStatus(DEGRADED, Status.OUT_OF_SERVICE))
                    .isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(statuses.getAggregateStatus(Status.UP, Status.UNKNOWN)).isEqualTo(Status.UP);
        });
    }

    @Test
    void orderOfTheUsersIsKept() {
        two.withPropertyValues(
                        "management.endpoint.health.status.order[0]=up",
                        "management.endpoint.health.status.order[1]=down")
                .run(context -> {
                    StatusAggregator statuses = context.getBean(StatusAggregator.class);

                    assertThat(statuses.getAggregateStatus(Status.UP, Status.DOWN))
                            .isEqualTo(Status.UP);
                    assertThat(statuses.getAggregateStatus(DEGRADED, Status.DOWN))
                            .isEqualTo(Status.DOWN);
                });
    }

    @Test
    void aggregatorOfTheUsersWins() {
        StatusAggregator own = StatusAggregator.getDefault();
        two.withBean("own", StatusAggregator.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(StatusAggregator.class)).isSameAs(own));
    }
}
