/** The ways to ask the platform that this process runs on for evidence. */
package org.sesemi.attestation.internal.attester;
