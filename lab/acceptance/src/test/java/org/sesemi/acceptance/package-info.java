/** Acceptance tests: the built system as its users meet it, and the doors between its modules. */
@NullMarked
package org.sesemi.acceptance;

import org.jspecify.annotations.NullMarked;
