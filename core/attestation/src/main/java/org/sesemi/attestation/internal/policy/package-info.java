/** Policies over verified claims: how a file is read, and how each of its demands is judged. */
package org.sesemi.attestation.internal.policy;
