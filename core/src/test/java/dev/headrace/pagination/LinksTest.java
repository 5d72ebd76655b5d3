package dev.headrace.pagination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8288 §3, and how servers write it. */
class LinksTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "<https://h/p?page=2>; rel=\"next\" § https://h/p?page=2",
                "<https://h/p?page=2>;rel=next § https://h/p?page=2",
                "<https://h/p?page=2> ; rel = \"next\" § https://h/p?page=2",
                "<https://h/p?page=2>; rel=\"last next\" § https://h/p?page=2",
                "<https://h/p?page=2>; REL=\"NEXT\" § https://h/p?page=2",
                "<https://h/1>; rel=prev, <https://h/3>; rel=next, <https://h/9>; rel=last § https://h/3",
                "<https://h/1>;rel=\"prev\",<https://h/3>;rel=\"next\" § https://h/3",
                "<https://h/a,b;c>; title=\"x, y; rel=no\"; rel=\"next\" § https://h/a,b;c",
                "<https://h/a>; title=\"quo\\\"te\"; rel=next § https://h/a",
                "<?page=2>; rel=next § https://h/users?page=2",
                "</other?page=2>; rel=next § https://h/other?page=2",
                "<page2>; rel=next § https://h/page2",
                "garbage, <https://h/3>; rel=next § https://h/3",
                "<https://h/3>; crossorigin; rel=next § https://h/3",
                ", <https://h/3>; rel=next, § https://h/3"
            })
    void findsTheNextLink(String field, String target) {
        assertThat(next(field)).map(Request::uri).contains(URI.create(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<https://h/1>; rel=\"prev\"",
                "<https://h/2>",
                "<https://h/2>; rel=nextish",
                "<https://h/2; rel=next",
                "rel=next",
                "<https://h/2>; title=\"next\"",
                "<https://h/2>; rel=prev; rel=next"
            })
    void findsNoneWhereThereIsNone(String field) {
        assertThat(next(field)).isEmpty();
    }

    @Test
    void readsSeveralFields() {
        assertThat(Pagination.linkHeader()
                        .next(end(Headers.of("Link", "<https://h/1>; rel=prev", "link", "<https://h/3>; rel=next"))))
                .isPresent();
    }

    @Test
    void keepsMethodAndHeadersOfTheRequest() {
        Request next = next("<https://h/p?page=2>; rel=next").orElseThrow();

        assertThat(next.method()).isEqualTo("GET");
        assertThat(next.headers().first("ConsistencyLevel")).contains("eventual");
    }

    @Test
    void failsForATargetThatIsNoUri() {
        assertThatExceptionOfType(PaginationException.class).isThrownBy(() -> next("<http://[bad>; rel=next"));
    }

    @Test
    void doesNotStumbleOverAnything() {
        for (String odd :
                List.of("<", ">", "<>", ";", "<>;", "<>;=", "<>;rel", "<>;rel=\"", "<>;rel=\"\\", ",,,", "<a><b>")) {
            assertThat(Links.parse(List.of(odd))).isNotNull();
        }
    }

    private static Optional<Request> next(String field) {
        return Pagination.linkHeader().next(end(Headers.of("Link", field)));
    }

    private static PageEnd end(Headers headers) {
        Request request = Request.get("https://h/users").header("ConsistencyLevel", "eventual");
        return new PageEnd(request, request.uri(), 200, headers, 1, 10, 10, Map.of(), null, 1);
    }
}
