/** The application that the guide for Spring shows: {@link dev.headrace.examples.shop.Shop}, whose remotes are played by its tests. */
@NullMarked
package dev.headrace.examples.shop;

import org.jspecify.annotations.NullMarked;
