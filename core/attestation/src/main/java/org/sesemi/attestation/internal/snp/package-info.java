/** The verifier of AMD SEV-SNP: report, endorsement certificates, certificate table and rules. */
package org.sesemi.attestation.internal.snp;
