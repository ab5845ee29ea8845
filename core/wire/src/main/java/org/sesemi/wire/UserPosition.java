package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/** Whom a grant names: one party, or loudly everybody who can prove an identity. */
public sealed interface UserPosition {

  /** The text form of {@link AnyoneAuthenticated}. */
  String ANYONE = "anyone-authenticated";

  /** The longest text form in characters. */
  int MAX_TEXT_LENGTH = 64;

  /**
   * Tells whether the position covers a user.
   *
   * @param user the user in question
   * @return whether it does
   */
  boolean covers(PartyId user);

  /** {@return the text form: the id of a party, or {@code anyone-authenticated}} */
  String text();

  /**
   * One party.
   *
   * @param user that party, which need not have connected yet
   */
  record One(PartyId user) implements UserPosition {
    /** Checks that the party is there. */
    public One {
      requireNonNull(user, "user");
    }

    @Override
    public boolean covers(PartyId candidate) {
      return user.equals(candidate);
    }

    @Override
    public String text() {
      return user.hex();
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /** Every party that proves its identity, known to the owner or not. */
  record AnyoneAuthenticated() implements UserPosition {
    @Override
    public boolean covers(PartyId candidate) {
      return true;
    }

    @Override
    public String text() {
      return ANYONE;
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /**
   * {@return the position of one party}
   *
   * @param user the party
   */
  static UserPosition of(PartyId user) {
    return new One(user);
  }

  /**
   * Reads the text form.
   *
   * @param text the position
   * @return what was read
   */
  static UserPosition parse(String text) {
    return text.equals(ANYONE) ? new AnyoneAuthenticated() : new One(PartyId.parse(text));
  }
}
