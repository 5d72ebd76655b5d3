package dev.headrace.decode;

/** Where the records of a format lie: what tells one format of JSON records from another. */
interface RecordLayout {

    /** Makes the parser of one body, which reads its records and tells what is to be captured. */
    <T> PullParser<T> parser(ItemReader<T> items, Captured captured);

    /** Refuses what cannot be captured. */
    void check(Captures captures);

    /** The same layout where the place of the records may be missing. */
    default RecordLayout optional() {
        throw new IllegalArgumentException("The items of " + this + " have no place that could be missing");
    }

    /** The media type to ask for. */
    String mediaType();

    /** How much of a body is read before the response is handed on. */
    int documentHead();

    /** Refuses all that would have to lie beside the items, where nothing does. */
    default void checkNothingBeside(Captures captures) {
        if (!captures.values().isEmpty()) {
            throw new IllegalArgumentException("There is nothing beside the items of " + this + ", so no "
                    + captures.values() + " can be captured; the last item can, and headers");
        }
    }
}
