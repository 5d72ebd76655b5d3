package dev.headrace.spec;

import static dev.headrace.spec.Scalars.secret;
import static dev.headrace.spec.Scalars.template;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Shapes.map;
import static dev.headrace.spec.Shapes.oneOrMany;

/** The part of the format that says what is asked. */
final class RequestFormat {

    /** What is asked of a stream's endpoint. */
    static final Shape<RequestForm> REQUEST = section("request", Root.values());

    /** What is asked of an event stream: once for each connection. */
    static final Shape<RequestForm> EVENTS_REQUEST = section("events_request", Root.CONFIG, Root.STATE);

    private RequestFormat() {}

    private static Shape<RequestForm> section(String name, Root... roots) {
        return Section.of(name, "The request for the first page; later ones are made of it.", RequestForm.NONE)
                .shortForm(template(roots).map(RequestForm.NONE::path))
                .key("method", "Its method; default GET.", text(), RequestForm::method)
                .required(
                        "path",
                        "Path below the base URL, or absolute URL, with variables in single braces: /repos/{owner}/issues.",
                        template(roots),
                        RequestForm::path)
                .key("query", "Query parameters; one without a value is left out.", map(oneOrMany(secret(roots))), RequestForm::query)
                .key("headers", "Headers; one without a value is left out.", map(secret(roots)), RequestForm::headers)
                .key("json", "A body of JSON.", JsonForm.shape(roots), RequestForm::json)
                .key("form", "A body of form fields.", map(secret(roots)), RequestForm::form)
                .key("text", "A body of text.", template(roots), RequestForm::text);
    }
}
