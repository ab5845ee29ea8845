/** The packer's parts: the pure scheduler, the threads around it, and its HTTP face. */
package org.sesemi.packer.internal;
