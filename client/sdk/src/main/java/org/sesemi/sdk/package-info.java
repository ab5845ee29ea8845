/**
 * Client library: the Java interface of owners and users: publish, grant, seal, infer and verify.
 */
package org.sesemi.sdk;
