/** Test kit: clocks, networks, generators and fakes that tests of every module share. */
package org.sesemi.testkit;
