package dev.headrace.cli;

import dev.headrace.capability.Capability;
import dev.headrace.capability.Description;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** What integrations say about themselves, as picocli shows it. */
final class HelpText {

    private HelpText() {}

    static void describe(CommandLine command, Capability<?, ?> capability) {
        List<String> text = new ArrayList<>();
        text.add(sentence(capability.displayName()));
        if (!capability.description().isBlank()) {
            text.add(capability.description());
        }
        show(command, text);
        JsonNode arguments = capability.arguments().json();
        List<String> members = members(arguments);
        if (!members.isEmpty()) {
            command.getCommandSpec().usageMessage().footerHeading("%nThe request:%n");
            command.getCommandSpec().usageMessage().footer(members.toArray(String[]::new));
        }
    }

    static void describe(CommandLine command, Description integration) {
        List<String> text = new ArrayList<>();
        text.add(sentence(integration.displayName()));
        if (!integration.text().isBlank()) {
            text.add(integration.text());
        }
        show(command, text);
    }

    private static void show(CommandLine command, List<String> text) {
        command.getCommandSpec()
                .usageMessage()
                .description(text.stream().map(HelpText::escaped).toArray(String[]::new));
    }

    private static List<String> members(JsonNode arguments) {
        Set<String> required = new HashSet<>();
        arguments.path("required").values().forEach(name -> required.add(name.stringValue("")));
        List<String> lines = new ArrayList<>();
        arguments.path("properties").properties().forEach(member -> {
            JsonNode type = member.getValue().path("type");
            String description = member.getValue().path("description").stringValue("");
            String line = "  " + member.getKey()
                    + (type.isMissingNode() ? "" : " (" + type(type) + ")")
                    + (required.contains(member.getKey()) ? ", required" : "")
                    + (description.isBlank() ? "" : ": " + description);
            lines.add(escaped(line));
        });
        return lines;
    }

    private static String type(JsonNode type) {
        if (type.isString()) {
            return type.stringValue();
        }
        List<String> names = new ArrayList<>();
        type.values().forEach(name -> names.add(name.stringValue("")));
        return String.join(" or ", names);
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    /** picocli formats what it shows, and takes some signs for colours. */
    private static String escaped(String text) {
        return text.replace("%", "%%").replace("@|", "@\u200b|");
    }
}
