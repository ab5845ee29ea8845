package org.sesemi.attestation.internal.tpm;

import org.sesemi.wire.Bytes;

/**
 * What an answered {@link CredentialChallenge} has shown: a TPM that has the private part of an
 * endorsement key also has a key with a name.
 *
 * @param endorsementKey the endorsement key as SubjectPublicKeyInfo
 * @param akName the name of the attestation key
 */
public record Activation(Bytes endorsementKey, Bytes akName) {}
