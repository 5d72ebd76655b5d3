package dev.headrace;

/** Lies where nothing but the defaults may lie, so that the test of the rooms can show that it would be noticed. */
public final class WrongPlace {

    private WrongPlace() {}
}
