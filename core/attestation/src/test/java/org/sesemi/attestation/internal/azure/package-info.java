/** Tests of evidence of Azure confidential machines. */
package org.sesemi.attestation.internal.azure;
