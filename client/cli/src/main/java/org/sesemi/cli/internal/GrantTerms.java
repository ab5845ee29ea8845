package org.sesemi.cli.internal;

import java.time.InstantSource;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/** The usual terms of grants, and how grants are shown. */
final class GrantTerms {

  private GrantTerms() {}

  /** Returns a grant of the current version without end. */
  static Operation.Grant plain(ModelId modelId, UserPosition user, Bytes runtimePolicy) {
    return new Operation.Grant(
        modelId,
        user,
        runtimePolicy,
        VersionRule.current(),
        Operation.Grant.NEVER,
        IsolationLevel.SHARED);
  }

  /** Returns when a grant ends, in words. */
  static String expiry(Operation.Grant terms) {
    return terms.expiry().equals(Operation.Grant.NEVER) ? "never" : terms.expiry().toString();
  }

  /** Returns whether a grant still holds, by this machine's clock. */
  static String state(GrantView grant) {
    if (grant.revoked().isPresent()) {
      return "revoked";
    }
    return grant.terms().expiry().isBefore(InstantSource.system().instant()) ? "expired" : "valid";
  }

  /** Returns the form of documents. */
  static Fields fields(GrantView grant) {
    Fields fields =
        new Fields()
            .put("id", grant.id().hex())
            .put("model", grant.terms().modelId().text())
            .put("user", grant.terms().user().text())
            .put("versions", grant.terms().versionRule().text())
            .put("isolation", grant.terms().isolation().text())
            .put("expires", expiry(grant.terms()))
            .put("state", state(grant))
            .put("created", grant.created().toString());
    grant.revoked().ifPresent(time -> fields.put("revoked", time.toString()));
    return fields;
  }
}
