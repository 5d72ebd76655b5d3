package dev.headrace.spring;

import dev.headrace.connector.Connector;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConstructorArgumentValues;
import org.springframework.beans.factory.config.RuntimeBeanReference;
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
        List<String> names = ConnectorNames.all(environment).stream()
                .filter(name -> !registry.isBeanNameInUse(beanName(name)))
                .toList();
        names.forEach(name -> registry.registerBeanDefinition(beanName(name), definition(name)));
        // Behind all of them: gitHub is called so itself, and is not another name of git-hub.
        names.forEach(name -> alias(beanName(name), registry));
    }

    private static String beanName(String name) {
        return name + "Connector";
    }

    /** A parameter of Java cannot be called git-hubConnector, but gitHubConnector. */
    private static void alias(String beanName, BeanDefinitionRegistry registry) {
        String alias = Pattern.compile("-(.)")
                .matcher(beanName)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1).toUpperCase(Locale.ROOT)));
        if (!registry.isBeanNameInUse(alias)) {
            registry.registerAlias(beanName, alias);
        }
    }

    /** By the name of a method, without a lambda: what is prepared ahead of time must be written down as code. */
    private static RootBeanDefinition definition(String name) {
        RootBeanDefinition definition = new RootBeanDefinition(ConnectorRegistrar.class);
        definition.setTargetType(Connector.class);
        definition.setFactoryMethodName("connector");
        ConstructorArgumentValues arguments = definition.getConstructorArgumentValues();
        // Whatever they are called: the application may have made them itself.
        arguments.addIndexedArgumentValue(0, new RuntimeBeanReference(Connectors.class));
        arguments.addIndexedArgumentValue(1, name);
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        // Not before somebody asks for it: the application's own Connectors need not have one of that name.
        definition.setLazyInit(true);
        // Connectors closes it, within the grace; an empty name keeps Spring from calling close().
        definition.setDestroyMethodName("");
        return definition;
    }

    /** One of them, for the definition above. */
    static Connector connector(Connectors connectors, String name) {
        return connectors.get(name);
    }
}
