/**
 * The verifier of Intel SGX and TDX quotes: layouts, the PCK certificate, signed collateral, TCB
 * evaluation and event log replay.
 */
package org.sesemi.attestation.internal.intel;
