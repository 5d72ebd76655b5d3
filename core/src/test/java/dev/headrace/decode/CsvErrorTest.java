package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.DecodingException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

class CsvErrorTest {

    private static final CsvFormat RFC = CsvFormat.rfc4180();
    private static final CsvFormat ABC = RFC.columns("a", "b", "c");
    private static final long NONE = DecodingException.UNKNOWN;

    record Issue(int number, @Nullable Long votes) {
        Issue {
            if (number == 13) {
                throw new IllegalStateException("mine");
            }
        }
    }

    static Stream<Arguments> malformed() {
        String tooFew = "; it may have been cut short";
        return Stream.of(
                fails(RFC, "", 0, NONE, "the document has no row of names"),
                fails(RFC, "\n\r\n", 3, NONE, "the document has no row of names"),
                fails(RFC, "\uFEFF", 3, NONE, "the document has no row of names"),
                fails(RFC, "a,b,a\n", 0, NONE, "the first row has the same name for columns 1 and 3"),
                fails(RFC, "\na,,c\n", 1, NONE, "the first row has no name for column 2 of 3"),
                fails(RFC, "a,b,\n1,2,\n", 0, NONE, "the first row has no name for column 3 of 3"),
                fails(RFC, "a,\"b", 4, NONE, "the document ends within quotes; it was cut short"),
                fails(RFC, "a,b\n1\n", 4, 0, "row 2 has 1 fields, but there are 2 columns" + tooFew),
                fails(RFC, "a,b\n1,2\n\n3", 9, 1, "row 3 has 1 fields, but there are 2 columns" + tooFew),
                fails(RFC, "a,b\n1,2\n3,4,5\n", 8, 1, "row 3 has 3 fields, but there are 2 columns"),
                fails(RFC, "a,b\n1,2,\n", 4, 0, "row 2 has 3 fields, but there are 2 columns"),
                fails(ABC, "1,2,3\n4,5\n", 6, 1, "row 2 has 2 fields, but there are 3 columns" + tooFew),
                fails(ABC.allowShortRows(), "1,2\n1,2,3,4\n", 4, 1, "row 2 has 4 fields, but there are 3 columns"),
                fails(ABC, "1,2,\"3\n4,5,6\n", 13, 0, "the document ends within quotes; it was cut short"),
                fails(ABC, "1,2,3\n1,x\"2\",3\n", 9, 1, "found a quote within a field that does not begin with one"),
                fails(ABC, "1, \"2\",3\n", 3, 0, "found a quote within a field that does not begin with one"),
                fails(ABC, "1,\"2\"x,3\n", 5, 0, "expected a separator or the end of the row behind a closing quote"),
                fails(ABC, "1,\"2\" ,3\n", 5, 0, "expected a separator or the end of the row behind a closing quote"),
                fails(ABC, "1,2,3\r4,5,6\r", 6, 0, "expected a line feed behind a carriage return"),
                fails(ABC, "1,2,3\r\r\n", 6, 0, "expected a line feed behind a carriage return"),
                fails(ABC, "1,2,3\n" + "1".repeat(29) + ",2,\n", 6, 1, "the row is larger than the limit of 30 bytes"),
                fails(ABC, "1,2,3\n1,2,\"" + "\n".repeat(30), 6, 1, "the row is larger than the limit of 30 bytes"));
    }

    private static Arguments fails(CsvFormat format, String document, long position, long item, String problem) {
        return Arguments.of(format, document, position, item, problem);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void saysWhereADocumentIsMalformed(CsvFormat format, String document, long position, long item, String problem) {
        for (Cut cut : Cut.all(document)) {
            Outcome outcome = Outcome.of(rows(format.rowLimit(30), Object.class, cut.bytes()));

            assertThat(outcome.failure()).as(cut.name()).isInstanceOfSatisfying(DecodingException.class, failure -> {
                assertThat(failure.problem()).as(cut.name()).startsWith(problem);
                assertThat(failure.position()).as("position, %s", cut.name()).isEqualTo(position);
                assertThat(failure.item()).as("item, %s", cut.name()).isEqualTo(item);
                assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
            });
            assertThat(outcome.items()).as(cut.name()).hasSize((int) Math.max(0, item));
        }
    }

    @Test
    void takesARowOfTheLimit() {
        for (String end : List.of("", "\n", "\r\n")) {
            for (Cut cut : Cut.all("1,2,3\n" + "1".repeat(27) + ",2," + end)) {
                assertThat(Outcome.of(rows(ABC.rowLimit(30), Object.class, cut.bytes()))
                                .failure())
                        .as(cut.name())
                        .isNull();
            }
        }
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("1.5,", "cannot read column 'number' of Issue as int"),
                Arguments.of("s3cr3t,", "cannot read column 'number' of Issue as int"),
                Arguments.of("99999999999,", "cannot read column 'number' of Issue"),
                Arguments.of(",", "cannot read column 'number' of Issue as int"),
                Arguments.of("\"\",", "cannot read column 'number' of Issue as int"),
                Arguments.of("2,1e3", "cannot read column 'votes' of Issue as Long"),
                Arguments.of("2,s3cr3t", "cannot read column 'votes' of Issue as Long"),
                Arguments.of("2,9223372036854775808", "cannot read column 'votes' of Issue"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void namesTheColumnThatDoesNotFitAndShowsNoData(String row, String problem) {
        Outcome outcome = Outcome.of(rows(
                RFC, Issue.class, Cut.whole("number,votes\n1,\n" + row + "\n").bytes()));

        assertThat(outcome.items()).containsExactly("Issue[number=1, votes=null]");
        assertThat(outcome.failure())
                .hasMessage("Item 1, byte 16: " + problem)
                .hasNoCause()
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void keepsWhatAConstructorThrew() {
        Outcome outcome = Outcome.of(
                rows(RFC, Issue.class, Cut.whole("number,votes\n13,1\n").bytes()));

        assertThat(outcome.failure())
                .isInstanceOf(DecodingException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void saysWhereBytesAreNoText() {
        byte[] body = "a,b\n1,x\n".getBytes(StandardCharsets.UTF_8);
        body[6] = (byte) 0xE9;
        byte[] header = "a,b\n1,x\n".getBytes(StandardCharsets.UTF_8);
        header[2] = (byte) 0xE9;

        assertThat(Outcome.of(rows(RFC, Object.class, Flux.just(ByteBuffer.wrap(body))))
                        .failure())
                .hasMessage("Item 0, byte 6: expected text in UTF-8 but found byte 0xE9");
        assertThat(Outcome.of(rows(RFC, Object.class, Flux.just(ByteBuffer.wrap(header))))
                        .failure())
                .hasMessage("Byte 2: expected text in UTF-8 but found byte 0xE9");
    }

    @Test
    void namesTheLibraryThatIsMissing() throws Exception {
        ClassLoader without = new WithoutLibrary();
        Class<?> format = without.loadClass(CsvFormat.class.getName());
        Class<?> decoder = without.loadClass(Decoder.class.getName());

        Throwable failure = catchThrowable(() -> decoder.getMethod("csv", format)
                .invoke(null, format.getMethod("rfc4180").invoke(null)));

        assertThat(failure).isInstanceOf(InvocationTargetException.class);
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        HeadraceException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("tools.jackson.dataformat:jackson-dataformat-csv");
    }

    /** Loads this room anew and finds no CSV. */
    private static final class WithoutLibrary extends ClassLoader {

        WithoutLibrary() {
            super(CsvErrorTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("tools.jackson.dataformat.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.headrace.decode.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] all = bytes.readAllBytes();
                return defineClass(name, all, 0, all.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static Flux<String> rows(CsvFormat format, Class<?> type, Flux<ByteBuffer> bytes) {
        return Decoder.parse(
                        bytes, () -> new CsvParser<>(format, new CsvRows<>(format, type), Parsers.capturingNothing()))
                .map(Object::toString);
    }
}
