package dev.headrace.json;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What {@linkplain JsonSchema#derivedFrom derived schemas} say of a property for those who show it to people, such as in a form.
 *
 * <pre>
 * record Settings(
 *         &#64;SchemaField(title = "API key", order = 1) Secret key,
 *         &#64;SchemaField(description = "Only issues with this label", order = 2) &#64;Nullable String label) {}
 * </pre>
 *
 * <p>On a type it holds for every property of that type; what the property says itself goes before. A type that is {@link #secret()} is a
 * text in the schema, whatever its fields are.
 *
 * <p>The keyword {@code x-field_type} is {@code SECRET}, {@code HIDDEN} or {@code MULTI_LINES}, the first of these that applies.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD, ElementType.TYPE})
public @interface SchemaField {

    /**
     * The name that people see.
     *
     * @return as {@code title}; empty to have it made from the name in JSON
     */
    String title() default "";

    /**
     * What it is for, for people.
     *
     * @return as {@code description}; empty for none
     */
    String description() default "";

    /**
     * Whether the value must not be shown: {@code x-field_type} is {@code SECRET}, and {@code writeOnly} is true.
     *
     * @return false unless said; true of {@code dev.headrace.http.Secret}
     */
    boolean secret() default false;

    /**
     * Whether people should not be asked for it: {@code x-field_type} is {@code HIDDEN}.
     *
     * @return false unless said
     */
    boolean hidden() default false;

    /**
     * Whether the text may have several lines: {@code x-field_type} is {@code MULTI_LINES}.
     *
     * @return false unless said
     */
    boolean multiline() default false;

    /**
     * Where the property stands among its neighbours, as {@code x-order}; those without a number come last.
     *
     * @return from 0; negative, the default, for no number
     */
    int order() default -1;
}
