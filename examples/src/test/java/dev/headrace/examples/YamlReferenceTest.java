package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of all keys of a spec is what is made of the schema, and what is written by hand on it is true. */
class YamlReferenceTest {

    private static final Path MODULE = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
    private static final Path PAGE = MODULE.resolve("../docs/yaml-reference.md");
    private static final String WRITE = "./mvnw -q -pl examples -am test -Dtest=YamlReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dyaml-reference=write";
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```yaml\\R(headrace: 1\\R.*?)^```$");
    private static final Pattern FUNCTION = Pattern.compile("(?m)^\\| `(\\w+)\\(");

    private static String byHand(String page) {
        int mark = page.indexOf(YamlReference.MARK);
        return mark < 0 ? page : page.substring(0, mark);
    }

    @Test
    void isWhatIsMadeOfTheSchema() throws IOException {
        String page = Files.readString(PAGE);
        String made = byHand(page) + YamlReference.page();
        if ("write".equals(System.getProperty("yaml-reference"))) {
            Files.writeString(PAGE, made);
            return;
        }

        assertThat(page).as("docs/yaml-reference.md; to make it anew: " + WRITE).isEqualTo(made);
    }

    @Test
    void itsExampleIsASpecThatIsRightAndRead() throws IOException {
        String specs = Files.readString(MODULE.resolve("specs/github-issues.yaml"));
        List<String> shown = EXAMPLE.matcher(byHand(Files.readString(PAGE)))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(shown).hasSize(1).allMatch(specs::contains, "stands in specs/github-issues.yaml");
        assertThat(Spec.check("example.yaml", shown.get(0))).isEmpty();
    }

    @Test
    void itNamesEveryFunctionOfAnExpression() throws IOException {
        String problem = Spec.check(
                        "functions.yaml",
                        "{headrace: 1, name: x, connector: {base_url: 'https://a.b'}, streams: {a: {request: '{{ none() }}'}}}")
                .toString();
        List<String> named = FUNCTION.matcher(byHand(Files.readString(PAGE)))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(problem).contains("there are " + String.join(", ", named));
    }

    @Test
    void saysOfEveryKeyWhatItIs() {
        assertThat(YamlReference.page().lines().filter(line -> line.startsWith("| `")))
                .hasSizeGreaterThan(250)
                .allMatch(line -> line.matches("\\| `\\w+` \\| \\S[^|]* \\|.*"), "has a value and a description");
    }
}
