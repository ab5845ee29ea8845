/**
 * Properties that run over generated cases, and the mutations that a hostile channel can apply to a
 * message.
 */
package org.sesemi.property;
