/**
 * The {@code headrace} command: every operation of the library at a shell prompt. {@link dev.headrace.cli.HeadraceCli} is the program; each
 * subcommand is a few lines over the library's public types. Standard output carries data only, and demand comes from it.
 */
@NullMarked
package dev.headrace.cli;

import org.jspecify.annotations.NullMarked;
