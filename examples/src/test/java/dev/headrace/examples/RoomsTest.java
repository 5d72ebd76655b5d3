package dev.headrace.examples;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysFalse;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import dev.headrace.WrongPlace;
import dev.headrace.error.HeadraceException;
import dev.headrace.error.WrongManager;
import dev.headrace.http.HttpException;
import dev.headrace.http.HttpStatusException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Keeps the walls between the rooms: each rule holds for all of Headrace, and breaks on a class that is made to break it. */
class RoomsTest {

    /** Looked at where it was built, and not by a dependency: Spring is nothing that the first program should wait for. */
    private static final Path STARTER =
            Path.of(System.getProperty("basedir", ""), "../adapters/spring-boot-starter/target/classes");

    private static final JavaClasses HEADRACE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importLocations(Stream.concat(
                            Locations.ofPackage(Rooms.ROOT).stream(),
                            Stream.of(STARTER).filter(Files::exists).map(Location::of))
                    .toList());

    /** All that is forbidden, with a class of another room that makes a cycle with it. */
    private static final JavaClasses WRONG = new ClassFileImporter()
            .importClasses(
                    WrongPlace.class,
                    WrongManager.class,
                    HttpStatusException.class,
                    HttpException.class,
                    HeadraceException.class);

    private static final DescribedPredicate<JavaClass> NETTY_BUFFERS = resideInAPackage("io.netty.buffer..");

    private static final DescribedPredicate<JavaClass> JACKSON_BEYOND_TREES = resideInAPackage("tools.jackson..")
            .and(not(resideInAPackage("tools.jackson.databind.node..")))
            .and(not(nameMatching("tools\\.jackson\\.databind\\.JsonNode")));

    private static final DescribedPredicate<JavaClass> YAML =
            resideInAnyPackage("org.snakeyaml..", "tools.jackson.dataformat.yaml..");

    private static final DescribedPredicate<JavaClass> CSV = resideInAPackage("tools.jackson.dataformat.csv..");

    /** What reads rows of CSV must set up the mapper that comes with the library, and catch what it throws. */
    private static final DescribedPredicate<JavaClass> READS_CSV =
            nameMatching("dev\\.headrace\\.decode\\.CsvRow(s|Reader)(\\$.*)?").forSubtype();

    private static final Set<String> WAITING_FOR_A_PUBLISHER =
            Set.of("block", "blockOptional", "blockFirst", "blockLast", "toIterable", "toStream", "toFuture");

    static Stream<ArchRule> rules() {
        return Stream.of(
                classes().should(useOnlyTheirRooms()),
                slices().matching(Rooms.ROOT + ".(*)..").should().beFreeOfCycles(),
                classes()
                        .that()
                        .resideInAPackage(Rooms.ROOT)
                        .and()
                        .doNotHaveSimpleName("package-info")
                        .should()
                        .haveSimpleName("Defaults"),
                fence(resideInAPackage("reactor.netty.."), "http", "server"),
                fence(NETTY_BUFFERS, "http", "decode", "transfer"),
                fence(CSV, "decode"),
                fence(JACKSON_BEYOND_TREES, READS_CSV, "json"),
                fence(resideInAPackage("picocli.."), "cli"),
                fence(YAML, "spec"),
                methods()
                        .that()
                        .areDeclaredInClassesThat(resideInAnyPackage(Rooms.libraryAndAdaptersBut()))
                        .should(hideNettyBuffers())
                        .as("no public method but Response.body() shows a Netty buffer"),
                classes()
                        .that()
                        .areAssignableTo(Throwable.class)
                        .and()
                        .arePublic()
                        .and()
                        .resideInAnyPackage(Rooms.libraryAndAdaptersBut())
                        .should(belongToTheErrorsOfHeadrace())
                        .as("public failures are HeadraceExceptions or mistakes of the program"),
                noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)|.*[.$]Base[A-Z][^.]*"),
                classes().should(resideInANullMarkedPackage()),
                noClasses()
                        .that()
                        .resideInAnyPackage(Rooms.library())
                        .should()
                        .accessTargetWhere(describe("waits for a publisher", RoomsTest::waitsForAPublisher))
                        .as("the library waits for no publisher"),
                noClasses()
                        .that()
                        .resideInAnyPackage(Rooms.library())
                        .should()
                        .callMethodWhere(target(nameMatching("sleep")).and(target(owner(type(Thread.class)))))
                        .as("the library never sleeps"));
    }

    /** Nobody uses these yet, and nobody can be made to: they are not on the class path. */
    static Stream<ArchRule> rulesAboutAbsentLibraries() {
        return Stream.of(
                fence(resideInAnyPackage("io.github.resilience4j..", "io.github.bucket4j.."), "resilience"),
                fence(resideInAPackage("io.micrometer.."), "observe", "spring"),
                fence(resideInAPackage("org.springframework.."), "spring"),
                fence(resideInAnyPackage("com.networknt..", "com.github.victools.."), "json"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"rules", "rulesAboutAbsentLibraries"})
    void holds(ArchRule rule) {
        rule.allowEmptyShould(true).check(HEADRACE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void bites(ArchRule rule) {
        assertThat(rule.allowEmptyShould(true).evaluate(WRONG).hasViolation()).isTrue();
    }

    @Test
    void seesEveryModule() {
        assertThat(HEADRACE.stream().map(Rooms::of))
                .contains("", "error", "connector", "sse", "transfer", "spec", "test", "examples");
        assumeTrue(Files.exists(STARTER), "The starter for Spring Boot has not been built");
        assertThat(HEADRACE.stream().map(Rooms::of)).contains("spring");
    }

    private static ArchRule fence(DescribedPredicate<JavaClass> library, String... rooms) {
        return fence(library, alwaysFalse(), rooms);
    }

    private static ArchRule fence(
            DescribedPredicate<JavaClass> library, DescribedPredicate<JavaClass> excepted, String... rooms) {
        return noClasses()
                .that()
                .resideInAnyPackage(Rooms.libraryAndAdaptersBut(rooms))
                .and(not(excepted))
                .should()
                .dependOnClassesThat(library)
                .as(String.join(" and ", rooms) + " alone may use classes that " + library.getDescription());
    }

    private static ArchCondition<JavaClass> useOnlyTheirRooms() {
        return condition("use only the rooms that the table names", (type, events) -> {
            if (!Rooms.exists(Rooms.of(type))) {
                events.add(violated(type, type.getDescription() + " is in a room that the table does not know"));
            }
            type.getDirectDependenciesFromSelf().stream()
                    .filter(dependency -> isForbidden(type, dependency))
                    .forEach(dependency -> events.add(violated(dependency, dependency.getDescription())));
        });
    }

    private static boolean isForbidden(JavaClass user, Dependency dependency) {
        JavaClass used = dependency.getTargetClass().getBaseComponentType();
        return (used.getPackageName() + ".").startsWith(Rooms.ROOT + ".")
                && !Rooms.mayUse(Rooms.of(user), Rooms.of(used));
    }

    private static ArchCondition<JavaMethod> hideNettyBuffers() {
        return condition("show no Netty buffer, except Response.body()", (method, events) -> {
            boolean visible = isVisible(method.getModifiers())
                    && isVisible(method.getOwner().getModifiers());
            boolean shown = Stream.concat(Stream.of(method.getReturnType()), method.getParameterTypes().stream())
                    .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                    .anyMatch(NETTY_BUFFERS);
            if (visible && shown && !method.getFullName().equals("dev.headrace.http.Response.body()")) {
                events.add(violated(method, method.getFullName() + " shows a Netty buffer to everyone"));
            }
        });
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static ArchCondition<JavaClass> belongToTheErrorsOfHeadrace() {
        return condition(
                "be HeadraceExceptions, IllegalArgumentExceptions or IllegalStateExceptions", (type, events) -> {
                    if (Stream.of(HeadraceException.class, IllegalArgumentException.class, IllegalStateException.class)
                            .noneMatch(type::isAssignableTo)) {
                        events.add(violated(type, type.getDescription() + " is a failure of another kind"));
                    }
                });
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return condition("reside in a package that is @NullMarked", (type, events) -> {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                events.add(violated(type, type.getDescription() + " is in a package without @NullMarked package-info"));
            }
        });
    }

    private static boolean waitsForAPublisher(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return WAITING_FOR_A_PUBLISHER.contains(access.getTarget().getName())
                && (owner.isAssignableTo(Mono.class) || owner.isAssignableTo(Flux.class));
    }

    private static <T> ArchCondition<T> condition(String description, BiConsumer<T, ConditionEvents> check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(T item, ConditionEvents events) {
                check.accept(item, events);
            }
        };
    }
}
