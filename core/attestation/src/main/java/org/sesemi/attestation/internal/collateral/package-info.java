/**
 * Collateral: fetching the vendors' documents about machines and keeping them on disk, without ever
 * going back to older ones.
 */
package org.sesemi.attestation.internal.collateral;
