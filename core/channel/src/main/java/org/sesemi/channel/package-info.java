/**
 * Attested connections: TLS 1.3 with attestation inside and a small HTTP/1.1 on top, used by every
 * attested connection.
 */
package org.sesemi.channel;
