/**
 * Data that crosses a boundary: the words that every side of the system speaks: identifiers, Open
 * Inference Protocol tensors, envelope records, and strict JSON and CBOR. Uses the JDK alone.
 */
package org.sesemi.wire;
