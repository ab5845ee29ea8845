/**
 * Benchmarks: measures the parts and the whole; every number in the documentation comes from here.
 */
package org.sesemi.bench;
