package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import dev.headrace.error.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever exception a user can meet has a heading of its own on the page for trouble, and no heading speaks of one that is gone. */
class TroubleshootingTest {

    private static final Path MODULE = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
    private static final Path PAGE = MODULE.resolve("../docs/troubleshooting.md");
    private static final Path STARTER = MODULE.resolve("../adapters/spring-boot-starter/target/classes");

    private static final Pattern HEADING = Pattern.compile("^#+ `?(\\w+(?:Exception|Stop))`?$");
    private static final Pattern ANCHOR = Pattern.compile("\\]\\(#([^)]*)\\)");

    private static final Pattern SECTION = Pattern.compile("(?ms)^#+ (\\w+(?:Exception|Stop))$(.*?)(?=^#|\\z)");
    private static final Pattern KIND = Pattern.compile(
            Arrays.stream(FailureKind.values()).map(FailureKind::name).collect(Collectors.joining("|", "kind|", "")));
    private static final Pattern RETRIED =
            Pattern.compile("(?i)retried|retries|reconnection|go on by itself|never thrown");

    /** Of the JDK, and met where something is put together wrongly. */
    private static final Set<String> FOREIGN = Set.of("IllegalArgumentException", "IllegalStateException");

    private static Set<String> thrown() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importLocations(Stream.concat(
                                        Locations.ofPackage(Rooms.ROOT).stream(),
                                        Stream.of(STARTER).filter(Files::exists).map(Location::of))
                                .toList())
                        .stream()
                        .filter(type -> type.isAssignableTo(Throwable.class)
                                && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> headings() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .map(HEADING::matcher)
                .filter(Matcher::matches)
                .map(heading -> heading.group(1))
                .toList();
    }

    @Test
    void everyPublicExceptionHasAHeadingOfItsOwn() throws IOException {
        Set<String> expected = thrown();
        assertThat(expected).hasSizeGreaterThan(40).contains("HeadraceException", "PageStop");
        expected.addAll(FOREIGN);

        assertThat(headings()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everySectionSaysOfWhatKindItIsAndWhetherItIsTriedAgain() throws IOException {
        List<MatchResult> sections =
                SECTION.matcher(Files.readString(PAGE)).results().toList();

        assertThat(sections).hasSizeGreaterThan(40);
        for (MatchResult section : sections) {
            if (!FOREIGN.contains(section.group(1))) {
                assertThat(section.group(2))
                        .as(section.group(1))
                        .containsPattern(KIND)
                        .containsPattern(RETRIED);
            }
        }
    }

    @Test
    void everyAnchorWithinThePageHasAHeading() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(ANCHOR.matcher(page).results().map(link -> link.group(1)))
                .isNotEmpty()
                .isSubsetOf(GuideLinksTest.anchors(page));
    }
}
