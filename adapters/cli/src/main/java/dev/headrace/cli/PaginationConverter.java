package dev.headrace.cli;

import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Paginations as a kind and what it needs, with colons between: {@code cursor:/meta/next:cursor}. */
final class PaginationConverter implements ITypeConverter<Pagination> {

    private static final String POINTER = ":([^:]*)";
    private static final String PARAM = ":([^:]+)";

    private static final List<Form> FORMS = List.of(
            new Form("none", "", parts -> Pagination.none()),
            new Form("link", "", parts -> Pagination.linkHeader()),
            new Form("next-url:POINTER", POINTER, parts -> Pagination.nextUrl(parts.group(1))),
            new Form(
                    "cursor:POINTER:PARAM",
                    POINTER + PARAM,
                    parts -> Pagination.cursor(parts.group(1), Placement.query(parts.group(2)))),
            // An empty HAS_MORE_POINTER would ask whether there is a page at all.
            new Form("last-item:POINTER:PARAM[:HAS_MORE_POINTER]", POINTER + PARAM + "(?:" + PARAM + ")?", parts -> {
                Pagination lastItem = Pagination.lastItem(parts.group(1), Placement.query(parts.group(2)));
                return parts.group(3) == null ? lastItem : lastItem.whileTrue(parts.group(3));
            }),
            new Form(
                    "page:PARAM[:START]",
                    PARAM + "(?::(\\d{1,9}))?",
                    parts -> Pagination.pageNumber(
                            Placement.query(parts.group(1)),
                            parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2)))),
            new Form(
                    "offset:PARAM:LIMIT_PARAM:SIZE",
                    PARAM + PARAM + ":0*([1-9]\\d{0,8})",
                    parts -> Pagination.offset(parts.group(1))
                            .pageSize(parts.group(2), Integer.parseInt(parts.group(3)))));

    /** One way to write a pagination, and what it makes of the parts. */
    private record Form(String written, Pattern parts, Function<MatchResult, Pagination> pagination) {

        Form(String written, String parts, Function<MatchResult, Pagination> pagination) {
            this(written, Pattern.compile(kindOf(written) + parts), pagination);
        }

        boolean isOfKind(String text) {
            return kindOf(written).equals(kindOf(text));
        }

        private static String kindOf(String text) {
            return text.split(":", 2)[0];
        }
    }

    @Override
    public Pagination convert(String text) {
        Form form = FORMS.stream()
                .filter(each -> each.isOfKind(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is no pagination; write "
                        + FORMS.stream().map(Form::written).collect(Collectors.joining(", "))));
        Matcher parts = form.parts().matcher(text);
        if (!parts.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not complete or has too much; write " + form.written());
        }
        try {
            return form.pagination().apply(parts);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage() + "; write " + form.written());
        }
    }
}
