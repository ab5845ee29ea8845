/** Test vendors of trusted hardware. */
package org.sesemi.vendors;
