/** The whole story on real input: two models, one user, four refusals. */
package org.sesemi.cli.internal.demo;
