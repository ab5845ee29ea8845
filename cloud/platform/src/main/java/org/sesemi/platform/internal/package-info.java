/** The process platform: sandboxes as enclave processes behind a platform daemon. */
package org.sesemi.platform.internal;
