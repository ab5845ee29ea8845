/**
 * Command line: the sesemi command and the supervisor that starts the whole system on one machine.
 */
package org.sesemi.cli;
