/**
 * Secrets and sealed data: secret types, sealed envelopes, sealed model packages and identity keys.
 * Primitives come from the JDK or from a provider that the caller hands in.
 */
package org.sesemi.crypto;
