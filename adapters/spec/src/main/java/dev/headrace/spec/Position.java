package dev.headrace.spec;

/** A place in a document, in lines and columns from 1; columns count code points. */
record Position(int line, int column) {

    static final Position START = new Position(1, 1);
}
