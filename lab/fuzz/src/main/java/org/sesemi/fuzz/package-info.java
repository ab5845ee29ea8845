/** Coverage-guided fuzzing of everything that reads evidence, collateral and policies. */
package org.sesemi.fuzz;
