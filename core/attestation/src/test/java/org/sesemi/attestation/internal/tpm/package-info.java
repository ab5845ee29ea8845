/** Tests of quotes of TPMs, and of the client that makes them. */
package org.sesemi.attestation.internal.tpm;
