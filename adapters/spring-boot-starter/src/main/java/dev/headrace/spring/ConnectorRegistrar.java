package dev.headrace.spring;

import dev.headrace.connector.Connector;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
                alias(beanName, registry);
            }
        }
    }

    /** A parameter of Java cannot be called git-hubConnector, but gitHubConnector. */
    private static void alias(String beanName, BeanDefinitionRegistry registry) {
        String alias = Pattern.compile("-(.)")
                .matcher(beanName)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1).toUpperCase(Locale.ROOT)));
        if (!alias.equals(beanName) && !registry.containsBeanDefinition(alias)) {
            registry.registerAlias(beanName, alias);
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
