package dev.headrace.spring;

import dev.headrace.connector.Connector;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Registers a bean for each connector, beside those that the application has made itself. */
final class ConnectorRegistrar implements ImportBeanDefinitionRegistrar {

    private final Environment environment;

    ConnectorRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        for (String name : ConnectorNames.all(environment)) {
            String beanName = name + "Connector";
            if (!registry.containsBeanDefinition(beanName)) {
                registry.registerBeanDefinition(beanName, definition(name));
            }
        }
    }

    /** By bean and method name, without a lambda: what is prepared ahead of time must be written down as code. */
    private static RootBeanDefinition definition(String name) {
        RootBeanDefinition definition = new RootBeanDefinition(Connector.class);
        definition.setTargetType(Connector.class);
        definition.setFactoryBeanName(HeadraceAutoConfiguration.CONNECTORS);
        definition.setFactoryMethodName("get");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        // Connectors closes it, within the grace; an empty name keeps Spring from calling close().
        definition.setDestroyMethodName("");
        return definition;
    }
}
