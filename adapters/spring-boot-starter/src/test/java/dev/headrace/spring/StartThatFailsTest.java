package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** What an application that does not start leaves in its log. */
class StartThatFailsTest {

    private static final String SECRET = "s3cr3t-value";

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @ParameterizedTest
    @CsvSource({
        "auth.bearer.tokn, did you mean headrace.connectors.github.auth.bearer.token?",
        "auth.bearer, set the properties below it",
        "auth.oauth2.timeout, The value is not shown here",
        "proxy.password, The property headrace.connectors.github.proxy.host cannot be used",
        "auth.oauth2.refresh-token, The property headrace.connectors.github.auth.oauth2.token-url cannot be used",
        "headers.[bad header], The property headrace.connectors.github.headers.bad header cannot be used"
    })
    void saysWhatIsWrongAndNoSecret(String property, String said) {
        String output = printed(() -> assertThatThrownBy(() -> Apps.start(
                        Application.class,
                        "headrace.connectors.github.base-url=https://api.github.com",
                        "headrace.connectors.github." + property + "=" + SECRET))
                .isInstanceOf(RuntimeException.class));

        assertThat(output).contains("APPLICATION FAILED TO START", said).doesNotContain(SECRET);
    }

    private static String printed(Runnable action) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try {
            System.setOut(captured);
            System.setErr(captured);
            action.run();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
