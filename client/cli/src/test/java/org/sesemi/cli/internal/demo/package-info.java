/** Tests of the demo's own parts. */
@org.jspecify.annotations.NullMarked
package org.sesemi.cli.internal.demo;
