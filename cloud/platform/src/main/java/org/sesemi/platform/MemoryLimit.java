package org.sesemi.platform;

/** How a platform holds a sandbox to its memory limit. */
public enum MemoryLimit {
  /** The kernel does, by a memory group. */
  MEMORY_GROUP("memory-group", "the kernel refuses memory beyond the limit"),
  /** The platform does, by looking at the resident size. */
  RESIDENT_SIZE(
      "resident-size",
      "the resident size is looked at several times a second; a sandbox beyond it is stopped");

  private final String text;
  private final String meaning;

  MemoryLimit(String text, String meaning) {
    this.text = text;
    this.meaning = meaning;
  }

  /** {@return the name used in status documents} */
  public String text() {
    return text;
  }

  /** {@return what it means, for people} */
  public String meaning() {
    return meaning;
  }
}
