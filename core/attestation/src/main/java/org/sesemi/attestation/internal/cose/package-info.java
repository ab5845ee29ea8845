/** Strict CBOR of other makers, and the single-signer messages of COSE. */
package org.sesemi.attestation.internal.cose;
