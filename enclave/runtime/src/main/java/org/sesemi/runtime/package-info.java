/**
 * Function runtime: serves one request from sealed input to sealed answer: keys, model, decryption,
 * inference, encryption and receipt.
 */
package org.sesemi.runtime;
