/**
 * Azure confidential machines: a quote of the paravisor's virtual TPM, the report of the hardware
 * compatibility layer (HCL) that carries its key, and the hardware evidence that measures both.
 */
package org.sesemi.attestation.internal.azure;
