package dev.headrace.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** What somebody may have meant who wrote another word: the known one that is nearest, if any is near. */
final class Suggestion {

    private static final int MOST_CHANGES = 3;
    private static final int LONGEST_QUOTE = 60;

    private Suggestion() {}

    /** A word as it stands in a message: not all of it if it is very long. */
    static String quoted(String written) {
        return "'" + cut(written, LONGEST_QUOTE) + "'";
    }

    static String cut(String written, int longest) {
        return written.length() <= longest ? written : written.substring(0, longest) + "…";
    }

    /** The end of a message; empty if nothing is near. */
    static String of(String written, Collection<String> known) {
        return known.stream()
                .filter(word -> Math.abs(written.length() - word.length()) <= MOST_CHANGES)
                .filter(word -> distance(written, word) <= Math.max(1, Math.min(MOST_CHANGES, (word.length() + 1) / 3)))
                .min(Comparator.comparingInt(word -> distance(written, word)))
                .map(word -> "; did you mean '" + word + "'?")
                .orElse("");
    }

    /** How many letters must be put in, taken out, changed or swapped with their neighbour; hyphens are underscores. */
    private static int distance(String written, String word) {
        String from = written.toLowerCase(Locale.ROOT).replace('-', '_');
        int[][] cost = new int[from.length() + 1][word.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= word.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(from, word, cost, i, j);
            }
        }
        return cost[from.length()][word.length()];
    }

    private static int cheapest(String from, String word, int[][] cost, int i, int j) {
        boolean same = from.charAt(i - 1) == word.charAt(j - 1);
        int best = Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == word.charAt(j - 2) && from.charAt(i - 2) == word.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
