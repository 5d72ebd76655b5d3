package dev.headrace.pagination;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads {@code Link} header fields (RFC 8288 §3): leniently where servers differ, in spacing, quotes and several relations at once. */
final class Links {

    private Links() {}

    /**
     * One link.
     *
     * @param target as it stands between the angle brackets
     * @param parameters by lower-case name; of several with one name the first counts (RFC 8288 §3.3)
     */
    record Link(String target, Map<String, String> parameters) {

        boolean hasRelation(String relation) {
            return List.of(parameters.getOrDefault("rel", "").trim().split("\\s+")).stream()
                    .anyMatch(relation::equalsIgnoreCase);
        }

        URI resolve(PageEnd end) {
            return NextUrl.resolve(end, target);
        }
    }

    static List<Link> parse(List<String> fields) {
        List<Link> links = new ArrayList<>();
        fields.forEach(field -> new Reader(field).readInto(links));
        return links;
    }

    /** Walks one field value; what it cannot understand it skips up to the next comma. */
    private static final class Reader {

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void readInto(List<Link> links) {
            while (at < text.length()) {
                skip(" \t,");
                if (at < text.length() && text.charAt(at) == '<' && text.indexOf('>', at) > 0) {
                    int close = text.indexOf('>', at);
                    String target = text.substring(at + 1, close).trim();
                    at = close + 1;
                    links.add(new Link(target, parameters()));
                } else {
                    at = orEnd(text.indexOf(',', at));
                }
            }
        }

        private Map<String, String> parameters() {
            Map<String, String> parameters = new LinkedHashMap<>();
            skip(" \t");
            while (at < text.length() && text.charAt(at) == ';') {
                skip(" \t;");
                String name = until("=;, \t");
                skip(" \t");
                String value = "";
                if (at < text.length() && text.charAt(at) == '=') {
                    at++;
                    skip(" \t");
                    value = at < text.length() && text.charAt(at) == '"' ? quoted() : until(";,");
                }
                if (!name.isEmpty()) {
                    parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
                }
                skip(" \t");
            }
            return parameters;
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at = Math.min(at + 1, text.length());
            return value.toString();
        }

        private String until(String stops) {
            int from = at;
            while (at < text.length() && stops.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(from, at).trim();
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private int orEnd(int index) {
            return index < 0 ? text.length() : index;
        }
    }
}
