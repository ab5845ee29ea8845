package org.sesemi.wire;

/** The JSON value {@code null}. */
public record JsonNull() implements JsonValue {}
