package dev.headrace.pagination;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import java.net.URI;

/**
 * What is known when a page has been read to its end: enough to name the next one, never the page itself, which may be a gigabyte.
 *
 * @param request what was sent for this page
 * @param uri the URI that answered; relative links refer to it
 * @param status the response's status
 * @param headers the response's headers
 * @param number this page's number, from 1
 * @param items how many items it held
 */
public record PageEnd(Request request, URI uri, int status, Headers headers, int number, long items) {}
