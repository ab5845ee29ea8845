/** The commands of {@code sesemi}, how they speak to people and programs, and the state folder. */
package org.sesemi.cli.internal;
