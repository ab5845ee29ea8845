/** Tests of the commands. */
@org.jspecify.annotations.NullMarked
package org.sesemi.cli.internal;
