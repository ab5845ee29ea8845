/** Tests of how the client library reads models and keeps state. */
@org.jspecify.annotations.NullMarked
package org.sesemi.sdk.internal;
