package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {

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
    })
    void isOneHarmlessElementOfAPath(String url, String name) {
        assertThat(FileName.of(URI.create(url))).isEqualTo(name);
    }

    @Test
    void leavesRoomForWhatIsAppended() {
        String name = FileName.of(URI.create("http://h/" + "%C3%BC".repeat(300)));

        assertThat(name).isEqualTo("ü".repeat(100));
    }
}
