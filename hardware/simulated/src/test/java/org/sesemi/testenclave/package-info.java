/** Programs that the tests launch as enclaves, packed into a jar of their own. */
package org.sesemi.testenclave;
