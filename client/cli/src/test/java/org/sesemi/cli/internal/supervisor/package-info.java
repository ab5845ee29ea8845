/** Tests of what keeps a stack alive. */
@org.jspecify.annotations.NullMarked
package org.sesemi.cli.internal.supervisor;
