/** How the client library reads models, keeps state and talks to the machines in between. */
package org.sesemi.sdk.internal;
