package dev.headrace.decode;

import dev.headrace.json.RecordFinder;

/** Where the records of a format lie: what tells one format of JSON records from another. */
interface RecordLayout {

    /** Makes the finder of one body, which tells what is to be captured beside the records. */
    RecordFinder finder(Captured captured);

    /** Refuses what cannot be captured. */
    void check(Captures captures);

    /** The same layout where the place of the records may be missing. */
    RecordLayout optional();

    /** The media type to ask for. */
    String mediaType();

    /** How much of a body is read before the response is handed on. */
    int documentHead();
}
