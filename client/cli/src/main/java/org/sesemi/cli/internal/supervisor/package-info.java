/** What keeps a stack alive on one machine, and what starts and stops it. */
package org.sesemi.cli.internal.supervisor;
