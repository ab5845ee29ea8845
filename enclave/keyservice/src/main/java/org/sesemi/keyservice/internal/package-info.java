/**
 * The inside of the key service: the decisions, the state that they are made on, and where it is
 * kept.
 */
package org.sesemi.keyservice.internal;
