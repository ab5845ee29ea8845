/**
 * Parts that the verifiers of several platforms share: strict readers of binary forms, certificate
 * chains, and the list of checks that becomes a record.
 */
package org.sesemi.attestation.internal;
