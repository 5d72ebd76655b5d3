package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.headrace.http.Headers;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

// case 60
class SafeFileNameTest {

    @ParameterizedTest
    @CsvSource({
        "http://h/a/disk.iso?x=/y, disk.iso",
        "http://h/a%20b.txt, a b.txt",
        "http://h/%C3%BC.txt, ü.txt",
        "http://h/dir/, download",
        "http://h, download",
        "http://h/.., download",
        "http://h/..%2F..%2Fetc%2Fpasswd, _.._etc_passwd",
        "http://h/..%5C..%5Cx, _.._x",
        "http://h/.bashrc, bashrc",
        "http://h/%2E%2E, download",
        "http://h/a%0Ab%00c%1B, a_b_c_",
        "http://h/a%E2%80%AEfdp.exe, a_fdp.exe",
        "http://h/-rf, _-rf",
        "http://h/CON, _CON",
        "http://h/nul.txt, _nul.txt",
        "http://h/com1.tar.gz, _com1.tar.gz",
        "http://h/a.txt.., a.txt",
        "http://h/%FF%FE, __",
        "http://h/C:%5Cx, C__x",
        "http://h/.-rf, _-rf",
        "http://h/con%20.txt, _con .txt",
        "http://h/console, console",
        "http://h/100%25, 100%",
        "mailto:a@b, download",
    })
    void isOneHarmlessElementOfAPath(String url, String name) {
        assertThat(SafeFileName.of(URI.create(url))).isEqualTo(name);
    }

    @Test
    void leavesRoomForWhatIsAppended() {
        String name = SafeFileName.of(URI.create("http://h/" + "%C3%BC".repeat(300)));

        assertThat(name).isEqualTo("ü".repeat(100));
    }

    @Test
    void aLongNameOfADeviceKeepsTheLimit() {
        assertThat(SafeFileName.of(URI.create("http://h/con." + "x".repeat(4096))))
                .isEqualTo("_con." + "x".repeat(195));
        assertThat(SafeFileName.of(URI.create("http://h/" + "x".repeat(199) + ".y")))
                .isEqualTo("x".repeat(199));
    }

    static Stream<Arguments> dispositions() {
        return Stream.of(
                arguments("attachment; filename=\"a b.txt\"", "a b.txt"),
                arguments("attachment; filename=a.txt", "a.txt"),
                arguments("ATTACHMENT;FILENAME = a.txt ; size=5", "a.txt"),
                arguments("inline; filename=\"a.txt\";", "a.txt"),
                arguments("attachment;; filename=\"a.txt\"", "a.txt"),
                arguments("attachment; filename=\"../../x\"", "x"),
                arguments("attachment; filename=\"..\\\\..\\\\x\"", "x"),
                arguments("attachment; filename=\"/etc/x\"", "x"),
                arguments("attachment; filename=\"C:\\x\"", "C_x"),
                arguments("attachment; filename=\"C:\\\\x\"", "x"),
                arguments("attachment; filename=\"CON\"", "_CON"),
                arguments("attachment; filename=\"lpt1.txt\"", "_lpt1.txt"),
                arguments("attachment; filename=\"a\\\"b\\\\\"", null),
                arguments("attachment; filename=\"a\\\"b\"", "a_b"),
                arguments("attachment; filename=\".htaccess\"", "htaccess"),
                arguments("attachment; filename=\"-rf\"", "_-rf"),
                arguments("attachment; filename=\"a%2Fb\"", "a%2Fb"),
                arguments("attachment; filename=\"b\u00C3\u00BC\"", "b\u00FC"),
                arguments("attachment; filename=\"b\u00FC\"", "b\u00FC"),
                arguments("attachment; filename=\"b\u20AC\"", "b\u20AC"),
                arguments("attachment; filename=\"b\uD800\"", "b_"),
                arguments("attachment; filename*=UTF-8''%e2%82%ac.txt", "\u20AC.txt"),
                arguments("attachment; filename*=utf-8'en'a%20b", "a b"),
                arguments("attachment; filename*=iso-8859-1''%FC", "\u00FC"),
                arguments("attachment; filename=\"plain\"; filename*=UTF-8''better", "better"),
                arguments("attachment; filename*=UTF-8''better; filename=\"plain\"", "better"),
                arguments("attachment; filename*=UTF-8''%FF; filename=plain", "plain"),
                arguments("attachment; filename*=KOI8-R''a; filename=plain", "plain"),
                arguments("attachment; filename*=UTF-8''a%2; filename=plain", "plain"),
                arguments("attachment; filename*=\"UTF-8''a b\"; filename=plain", "plain"),
                arguments("attachment; filename*=UTF-8''..%2F..%2Fx", "x"),
                arguments("attachment; filename*=UTF-8''a%00b%0A%7F", "a_b__"),
                arguments("attachment; filename*=UTF-8''a%E2%80%AEfdp.exe", "a_fdp.exe"),
                arguments("attachment; filename*=UTF-8''%E2%80%8F%EF%BB%BF", "__"),
                arguments("attachment", null),
                arguments("attachment; filename=\"\"", null),
                arguments("attachment; filename=\"..\"", null),
                arguments("attachment; filename=\"a/\"", null),
                arguments("attachment; filename=\"a/. .\"", null),
                arguments("attachment; filename=", null),
                arguments("attachment; filename=a b", null),
                arguments("attachment; filename=\"a", null),
                arguments("attachment; filename=\"a\\\"", null),
                arguments("attachment; filename=\"a\"b", null),
                arguments("attachment; filename=a/b", null),
                arguments("attachment; filename=a; filename=b", null),
                arguments("attachment, filename=a", null),
                arguments("filename=a", null),
                arguments("\"attachment\"; filename=a", null),
                arguments("", null));
    }

    @ParameterizedTest
    @MethodSource("dispositions")
    void aServersNameIsMadeHarmless(String disposition, @Nullable String name) {
        Headers headers = Headers.of("content-disposition", disposition);

        Optional<String> found = SafeFileName.fromContentDisposition(headers);

        assertThat(found.orElse(null)).isEqualTo(name);
    }

    @Test
    void aServersLongNameIsCut() {
        Headers headers = Headers.of("Content-Disposition", "attachment; filename=\"" + "\\x".repeat(100_000) + "\"");

        assertThat(SafeFileName.fromContentDisposition(headers)).contains("x".repeat(200));
    }

    @Test
    void twoDispositionsAreNone() {
        Headers headers =
                Headers.of("Content-Disposition", "inline; filename=a", "Content-Disposition", "inline; filename=b");

        assertThat(SafeFileName.fromContentDisposition(headers)).isEmpty();
        assertThat(SafeFileName.fromContentDisposition(Headers.none())).isEmpty();
    }
}
