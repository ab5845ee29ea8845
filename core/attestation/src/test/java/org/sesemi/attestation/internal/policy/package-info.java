/** Tests of policies over verified claims. */
package org.sesemi.attestation.internal.policy;
