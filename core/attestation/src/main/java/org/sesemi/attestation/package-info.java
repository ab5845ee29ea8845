/**
 * Attestation: the way from evidence over verified claims to a verdict, in the roles of RFC 9334:
 * attester, verifier and policy.
 */
package org.sesemi.attestation;
