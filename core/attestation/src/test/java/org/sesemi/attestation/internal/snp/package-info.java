/** Tests of the SEV-SNP verifier. */
package org.sesemi.attestation.internal.snp;
