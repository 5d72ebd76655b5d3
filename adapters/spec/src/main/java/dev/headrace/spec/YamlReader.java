package dev.headrace.spec;

import dev.headrace.Defaults;
import dev.headrace.spec.ScalarLayout.Source;
import dev.headrace.spec.ScalarLayout.Style;
import dev.headrace.spec.YamlNode.Entry;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads one YAML 1.2 document with its core schema, in which {@code no} and {@code on} are text. Aliases are followed,
 * but what a document grows to by them is limited; tags other than those of JSON's types and merge keys are not known.
 *
 * <p>Made of the parser's events instead of the library's tree, for that has no places for aliases. What is malformed
 * ends the reading; what is merely wrong, such as a key that comes twice, does not.
 */
final class YamlReader {

    private static final int MOST_CHARACTERS = 4 * 1024 * 1024;
    private static final int DEEPEST = Math.min(100, Defaults.JSON_DEPTH_LIMIT);
    /** Every alias counts as all that it stands for. */
    private static final long MOST_NODES = 100_000;

    private static final int MOST_DIGITS = 1_000;
    private static final Pattern LARGE_EXPONENT = Pattern.compile("^[^x]*[eE][-+]?0*[1-9]\\d{4,}$");

    private static final CoreSchema CORE = new CoreSchema();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Source source;
    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private long nodes;
    /** The deepest level within what has an anchor or stands around that; aliases count as what they stand for. */
    private int deepest;

    /** What an anchor stands for, how much that is and how deep; nothing as long as it is being read. */
    private record Anchored(@Nullable YamlNode node, long nodes, int height) {}

    /** The document cannot be read on. */
    private static final class Malformed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Position at;

        Malformed(Position at, String message) {
            super(message);
            this.at = at;
        }
    }

    private YamlReader(String yaml, Problems problems) {
        this.source = Source.of(yaml);
        this.problems = problems;
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(MOST_CHARACTERS)
                .setUseMarks(true)
                .build();
        this.events = new ParserImpl(settings, new StreamReader(settings, yaml));
    }

    /** The document, or nothing if it is malformed or has no content; what is wrong is said there. */
    static Optional<YamlNode> read(String yaml, Problems problems) {
        YamlReader reader = new YamlReader(yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml, problems);
        try {
            return reader.document();
        } catch (Malformed malformed) {
            problems.add(malformed.at, "", String.valueOf(malformed.getMessage()));
        } catch (ReaderException e) {
            problems.add(
                    reader.source.position(Math.min(e.getPosition(), reader.source.length())),
                    "",
                    String.format("no YAML document may have the character U+%04X", e.getCodePoint()));
        } catch (MarkedYamlEngineException e) {
            Position at = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(YamlReader::position)
                    .orElse(Position.START);
            problems.add(at, "", "is no YAML: " + said(e));
        } catch (YamlEngineException e) {
            problems.add(Position.START, "", "is no YAML that can be read: " + String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private static String said(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem()).strip();
        String context = e.getContext() == null ? "" : e.getContext().strip() + ", ";
        return context + problem;
    }

    private Optional<YamlNode> document() {
        YamlNode root = null;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
                case DocumentStart -> {
                    if (root != null) {
                        throw new Malformed(position(event), "there is a second document; one is read");
                    }
                }
                default -> root = node(event, "", 0);
            }
        }
        if (root == null || root.isNull()) {
            problems.add(Position.START, "", "is empty; a spec begins with 'headrace: 1'");
            return Optional.empty();
        }
        return Optional.of(root);
    }

    private YamlNode node(Event event, String path, int depth) {
        Position at = position(event);
        if (depth > DEEPEST) {
            throw new Malformed(at, "is nested deeper than " + DEEPEST + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias, at, depth);
        }
        count(1, at);
        NodeEvent begin = (NodeEvent) event;
        begin.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(null, 0, 0)));
        long before = nodes;
        int around = deepest;
        deepest = depth;
        YamlNode node = event instanceof ScalarEvent scalar
                ? scalar(scalar, at, path)
                : event instanceof MappingStartEvent mapping
                        ? mapping(mapping, at, path, depth)
                        : sequence((CollectionStartEvent) event, at, path, depth);
        int height = deepest - depth;
        begin.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(node, nodes - before + 1, height)));
        deepest = Math.max(around, deepest);
        return node;
    }

    private YamlNode aliased(AliasEvent event, Position at, int depth) {
        String name = "*" + event.getAlias().getValue();
        Anchored anchored = anchors.get(event.getAlias());
        if (anchored == null) {
            throw new Malformed(at, "the alias " + name + " has no anchor before it");
        }
        if (anchored.node() == null) {
            throw new Malformed(at, "the alias " + name + " stands within its own anchor");
        }
        if (depth + anchored.height() > DEEPEST) {
            throw new Malformed(at, "is nested deeper than " + DEEPEST + " levels with what " + name + " stands for");
        }
        deepest = Math.max(deepest, depth + anchored.height());
        count(anchored.nodes(), at);
        return anchored.node();
    }

    private void count(long more, Position at) {
        nodes += more;
        if (nodes > MOST_NODES) {
            throw new Malformed(
                    at, "has more than " + MOST_NODES + " values, each alias counted as what it stands for");
        }
    }

    private YamlNode mapping(MappingStartEvent begin, Position at, String path, int depth) {
        checkTag(begin.getTag(), Tag.MAP, at);
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            Position keyAt = position(event);
            if (!(node(event, path, depth + 1) instanceof YamlNode.Scalar key)) {
                throw new Malformed(
                        keyAt, "a key must be text; an expression stands in quotes, as in \"{{ config.name }}\"");
            }
            String below = Found.join(path, key.text());
            Entry entry = new Entry(keyAt, key.text(), node(events.next(), below, depth + 1));
            Entry first = entries.putIfAbsent(key.text(), entry);
            if (first != null) {
                problems.add(
                        keyAt,
                        below,
                        "the key is there already, on line " + first.at().line());
            }
        }
        return new YamlNode.Mapping(at, List.copyOf(entries.values()));
    }

    private YamlNode sequence(CollectionStartEvent begin, Position at, String path, int depth) {
        checkTag(begin.getTag(), Tag.SEQ, at);
        List<YamlNode> elements = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            elements.add(node(event, path + "[" + elements.size() + "]", depth + 1));
        }
        return new YamlNode.Sequence(at, elements);
    }

    private YamlNode scalar(ScalarEvent event, Position at, String path) {
        Tag plain = CORE.getScalarResolver().resolve(event.getValue(), event.isPlain());
        Tag tag = event.getTag()
                .filter(name -> !name.equals("!"))
                .map(Tag::new)
                .orElse(event.isPlain() ? plain : Tag.STR);
        ScalarLayout layout = new ScalarLayout(
                source, index(event.getStartMark()), index(event.getEndMark()), style(event.getScalarStyle()));
        return new YamlNode.Scalar(at, event.getValue(), json(event.getValue(), tag, plain, at, path), layout);
    }

    private JsonNode json(String text, Tag tag, Tag plain, Position at, String path) {
        if (tag.equals(Tag.STR)) {
            return JSON.stringNode(text);
        }
        boolean fits = tag.equals(plain) || tag.equals(Tag.FLOAT) && plain.equals(Tag.INT);
        if (fits && tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (fits && tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(text.equalsIgnoreCase("true"));
        }
        if (fits && (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) && !isReasonable(text)) {
            problems.add(
                    at,
                    path,
                    "is a number of more than " + MOST_DIGITS + " characters, or with an exponent beyond ±9999");
            return JSON.numberNode(0);
        }
        if (fits && tag.equals(Tag.INT)) {
            return integer(text);
        }
        // .inf and .nan are no JSON, so they stay text.
        if (fits && tag.equals(Tag.FLOAT)) {
            return text.matches("[-+.\\d].*\\d.*|\\d") ? JSON.numberNode(new BigDecimal(text)) : JSON.stringNode(text);
        }
        throw new Malformed(at, "the tag " + tag.getValue() + " is not known, or not for this");
    }

    /** Whether a number can be reckoned with in little time and space. */
    private static boolean isReasonable(String text) {
        return text.length() <= MOST_DIGITS && !LARGE_EXPONENT.matcher(text).find();
    }

    private static JsonNode integer(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        BigInteger value = digits.startsWith("0x")
                ? new BigInteger(digits.substring(2), 16)
                : digits.startsWith("0o") ? new BigInteger(digits.substring(2), 8) : new BigInteger(digits);
        return value.bitLength() < 32
                ? JSON.numberNode(value.intValue())
                : value.bitLength() < 64 ? JSON.numberNode(value.longValue()) : JSON.numberNode(value);
    }

    private static void checkTag(Optional<String> tag, Tag known, Position at) {
        if (tag.filter(name -> !name.equals("!") && !name.equals(known.getValue()))
                .isPresent()) {
            throw new Malformed(at, "the tag " + tag.get() + " is not known, or not for this");
        }
    }

    private static Style style(ScalarStyle style) {
        return switch (style) {
            case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
            case DOUBLE_QUOTED -> Style.DOUBLE_QUOTED;
            case LITERAL, FOLDED -> Style.BLOCK;
            default -> Style.PLAIN;
        };
    }

    private static Position position(Event event) {
        return event.getStartMark().map(YamlReader::position).orElse(Position.START);
    }

    private static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static int index(Optional<Mark> mark) {
        return mark.map(Mark::getIndex).orElse(0);
    }
}
