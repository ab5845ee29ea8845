/** Attestation documents of AWS Nitro Enclaves. */
package org.sesemi.attestation.internal.nitro;
