/**
 * Client library: the Java interface of owners and users. {@link org.sesemi.sdk.SesemiClient} is
 * where to begin: it publishes sealed models, grants their use, seals requests, and opens and
 * proves answers. Nothing outside this process and an attested enclave ever sees what it protects.
 */
package org.sesemi.sdk;
