/** Attestation tokens of the Arm Confidential Compute Architecture. */
package org.sesemi.attestation.internal.cca;
