/**
 * Simulated platform: stands in for confidential hardware: launches, measures, quotes and seals.
 * Protects nothing and says so everywhere.
 */
package org.sesemi.simulated;
