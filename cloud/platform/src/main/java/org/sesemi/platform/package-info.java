/**
 * Function platforms: one interface over the function platforms that start, find and stop
 * instances, with the embedded process platform.
 */
package org.sesemi.platform;
