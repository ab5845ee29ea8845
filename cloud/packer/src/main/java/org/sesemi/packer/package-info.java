/**
 * Packer: decides which function instance serves the next request of which model, seeing ciphertext
 * and metadata only.
 */
package org.sesemi.packer;
