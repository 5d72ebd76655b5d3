package dev.headrace.pagination;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code Link} header fields (RFC 8288 §3): leniently where servers differ, in spacing, quotes and several relations at once. */
final class Links {

    private Links() {}

    /**
     * One link.
     *
     * @param target as it stands between the angle brackets
     * @param relations the names of its relation types, with white space between; the only parameter that is of use here
     */
    record Link(String target, String relations) {

        boolean hasRelation(String relation) {
            int from = 0;
            while (from < relations.length()) {
                int end = from;
                while (end < relations.length() && !isBlank(relations.charAt(end))) {
                    end++;
                }
                if (end - from == relation.length() && relations.regionMatches(true, from, relation, 0, end - from)) {
                    return true;
                }
                from = end + 1;
            }
            return false;
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c >= '\t' && c <= '\r';
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
                    links.add(new Link(target, relations()));
                } else {
                    at = orEnd(text.indexOf(',', at));
                }
            }
        }

        /** Walks all parameters; of several relations the first counts (RFC 8288 §3.3). */
        private String relations() {
            String relations = null;
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
                if (relations == null && name.equalsIgnoreCase("rel")) {
                    relations = value;
                }
                skip(" \t");
            }
            return relations == null ? "" : relations;
        }

        private String quoted() {
            int from = ++at;
            boolean escapes = false;
            while (at < text.length() && text.charAt(at) != '"') {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    escapes = true;
                    at++;
                }
                at++;
            }
            String value = text.substring(from, at);
            at = Math.min(at + 1, text.length());
            return escapes ? unescaped(value) : value;
        }

        private static String unescaped(String quoted) {
            StringBuilder value = new StringBuilder(quoted.length());
            for (int i = 0; i < quoted.length(); i++) {
                if (quoted.charAt(i) == '\\' && i + 1 < quoted.length()) {
                    i++;
                }
                value.append(quoted.charAt(i));
            }
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
