/**
 * TPM 2.0: the structures of a quote, their verification, and a client that speaks the command
 * interface of a TPM without native code.
 *
 * <p>Numbers and names are those of the TCG's TPM 2.0 Library specification, parts 2 (structures)
 * and 3 (commands). Everything is big-endian.
 */
package org.sesemi.attestation.internal.tpm;
