/** Tests of what the client library promises. */
@org.jspecify.annotations.NullMarked
package org.sesemi.sdk;
