package dev.headrace.transfer;

import dev.headrace.test.Fault;
import dev.headrace.test.RangeFile;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What a server may say wrongly in an answer to a range, by the numbers of the cases; for all that reads ranges. */
final class Lies {

    private Lies() {}

    static Stream<Arguments> aboutTheRange(long size) {
        return Stream.of(
                lie("29 no Content-Range", RangeFile::omittingContentRange),
                lie("30 a gap", file -> file.shiftingStart(10)),
                lie("34 a length that disagrees", file -> file.claimingLength(size)),
                lie("39 several parts", RangeFile::claimingMultipart),
                lie("40 a coding", file -> file.claimingEncoding("gzip")));
    }

    static Stream<Arguments> aboutTheVersion(long size) {
        return Stream.of(
                lie("36 another total", file -> file.claimingTotal(size + 1)),
                lie("37 another tag", file -> file.claimingEtag("\"other\"")),
                lie("37 a weak tag", RangeFile::weakeningEtag),
                lie("38 no tag", RangeFile::omittingValidators));
    }

    private static Arguments lie(String name, Function<RangeFile, Fault<RangeFile>> fault) {
        return Arguments.of(name, fault);
    }
}
