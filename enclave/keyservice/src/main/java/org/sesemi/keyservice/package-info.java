/**
 * Key service: decides who may use which model where, releases keys to attested functions and keeps
 * the audit log.
 */
package org.sesemi.keyservice;
