/**
 * Evidence of NVIDIA GPUs in confidential-computing mode: SPDM measurement reports, device chains,
 * reference manifests and revocation.
 */
package org.sesemi.attestation.internal.nvidia;
