/** Engine tests: what needs root or a system package. A missing engine is a failure. */
@NullMarked
package org.sesemi.engines;

import org.jspecify.annotations.NullMarked;
