package org.sesemi.keyservice.internal;

/** The namespaces of stored records. A name in one of them means nothing in another. */
enum RecordKind {
  /** A party that made a statement. */
  PARTY(1),
  /** A published version of a model. */
  MODEL_VERSION(2),
  /** A model key. */
  MODEL_KEY(3),
  /** A grant. */
  GRANT(4),
  /** A user's request key. */
  REQUEST_KEY(5),
  /** A nonce of a statement, as long as the statement could be sent again. */
  NONCE(6);

  private final int number;

  RecordKind(int number) {
    this.number = number;
  }

  /** {@return the number in the database and in what a seal covers} */
  int number() {
    return number;
  }

  /** {@return the kind with a number} */
  static RecordKind of(int number) {
    for (RecordKind kind : values()) {
      if (kind.number == number) {
        return kind;
      }
    }
    throw StoreFailures.tampered("the database has a record of an unknown kind");
  }
}
