package org.sesemi.wire;

/**
 * A JSON truth value.
 *
 * @param value the truth value
 */
public record JsonBool(boolean value) implements JsonValue {}
