package dev.headrace.spec;

import static dev.headrace.spec.Scalars.secret;
import static dev.headrace.spec.Scalars.template;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Shapes.map;
import static dev.headrace.spec.Shapes.oneOrMany;

/** The part of the format that says what is asked. */
final class RequestFormat {

    private static final Root[] ALL = Root.values();

    static final Shape<RequestForm> REQUEST = Section.of(
                    "request", "The request for the first page; later ones are made of it.", RequestForm.NONE)
            .shortForm("The path of a GET.", template(ALL).map(RequestForm.NONE::path))
            .key("method", "Its method; default GET.", text(), RequestForm::method)
            .required(
                    "path",
                    "Path below the base URL, or absolute URL, with variables in single braces: /repos/{owner}/issues.",
                    template(ALL),
                    RequestForm::path)
            .key(
                    "query",
                    "Query parameters; one without a value is left out.",
                    map(oneOrMany(secret(ALL))),
                    RequestForm::query)
            .key("headers", "Headers; one without a value is left out.", map(secret(ALL)), RequestForm::headers)
            .key("json", "A body of JSON.", JsonForm.secret(ALL), RequestForm::json)
            .key("form", "A body of form fields.", map(secret(ALL)), RequestForm::form)
            .key("text", "A body of text.", template(ALL), RequestForm::text);

    private RequestFormat() {}
}
