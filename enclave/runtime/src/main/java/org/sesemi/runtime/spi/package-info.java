/** What an inference engine provides to the function runtime. */
package org.sesemi.runtime.spi;
