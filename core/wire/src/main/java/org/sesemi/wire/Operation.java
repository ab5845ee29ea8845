package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What an owner or user can ask the key service to do. A {@link Statement} carries the name and the
 * encoded arguments; the answer is an {@link OperationAnswer}.
 */
public sealed interface Operation {

  /** The most bytes of a runtime policy, whose format this module does not read. */
  int MAX_POLICY_LENGTH = 32 * 1024;

  /** {@return the name in statements, for example {@code publish-model}} */
  default String name() {
    return OperationCodec.name(this);
  }

  /** {@return the encoded arguments} Those of the key operations hold a key. */
  default byte[] encode() {
    return OperationCodec.encode(this);
  }

  /**
   * Tells whether the arguments hold a key, so that they must not be kept.
   *
   * @return whether there is a key in them
   */
  default boolean holdsKey() {
    return switch (this) {
      case PutModelKey _, PutRequestKey _ -> true;
      case PublishModel _,
          DeleteModelKey _,
          Grant _,
          ListGrants _,
          RevokeGrant _,
          DeleteRequestKey _,
          ListModels _,
          ShowModel _,
          ReadAudit _ ->
          false;
    };
  }

  /**
   * Reads an operation.
   *
   * @param name the name
   * @param arguments the encoded arguments
   * @return what was read
   * @throws WireException when the name is unknown or the arguments are not in their one form
   */
  static Operation decode(String name, byte[] arguments) {
    return OperationCodec.decode(name, arguments);
  }

  /**
   * Makes a new version of a model the current one.
   *
   * @param modelId the model, named after the actor
   * @param version a number above the current version
   * @param manifestDigest the digest of the sealed package's manifest
   * @param keyId the model key that the package is sealed under, already put
   */
  record PublishModel(ModelId modelId, long version, Digest manifestDigest, KeyId keyId)
      implements Operation {
    /** Checks the parts. */
    public PublishModel {
      requireNonNull(modelId, "modelId");
      requireNonNull(manifestDigest, "manifestDigest");
      requireNonNull(keyId, "keyId");
      ModelVersion.check(version);
    }
  }

  /**
   * Hands over a model key.
   *
   * @param modelId the model, named after the actor
   * @param keyId the name of the key, not used before
   * @param key the key
   */
  record PutModelKey(ModelId modelId, KeyId keyId, SecretField key) implements Operation {
    /** Checks the parts. */
    public PutModelKey {
      requireNonNull(modelId, "modelId");
      requireNonNull(keyId, "keyId");
      requireNonNull(key, "key");
    }
  }

  /**
   * Destroys a model key; versions sealed under it can no longer be used.
   *
   * @param modelId the model, named after the actor
   * @param keyId the name of the key
   */
  record DeleteModelKey(ModelId modelId, KeyId keyId) implements Operation {
    /** Checks the parts. */
    public DeleteModelKey {
      requireNonNull(modelId, "modelId");
      requireNonNull(keyId, "keyId");
    }
  }

  /**
   * Allows a user to use a model in certain runtimes.
   *
   * @param modelId the model, named after the actor
   * @param user whom the grant names
   * @param runtimePolicy the encoded policy that a runtime must satisfy
   * @param versionRule the versions that the grant covers
   * @param expiry when it ends; {@link #NEVER} for no end
   * @param isolation the least isolation that the owner demands
   */
  record Grant(
      ModelId modelId,
      UserPosition user,
      Bytes runtimePolicy,
      VersionRule versionRule,
      Instant expiry,
      IsolationLevel isolation)
      implements Operation {

    /** The expiry of a grant that does not end by itself. */
    public static final Instant NEVER = Instant.ofEpochMilli(Instants.MAX_MILLIS);

    /** Checks the parts. */
    public Grant {
      requireNonNull(modelId, "modelId");
      requireNonNull(user, "user");
      requireNonNull(versionRule, "versionRule");
      requireNonNull(isolation, "isolation");
      OperationCodec.checkPolicy(runtimePolicy);
      expiry = Instants.toMillis(expiry);
    }
  }

  /**
   * Lists the grants of a model, revoked and expired ones included.
   *
   * @param modelId the model, named after the actor
   * @param offset how many to leave out at the beginning
   */
  record ListGrants(ModelId modelId, int offset) implements Operation {
    /** Checks the parts. */
    public ListGrants {
      requireNonNull(modelId, "modelId");
      OperationCodec.checkOffset(offset);
    }
  }

  /**
   * Ends a grant.
   *
   * @param modelId the model, named after the actor
   * @param grantId the grant
   */
  record RevokeGrant(ModelId modelId, GrantId grantId) implements Operation {
    /** Checks the parts. */
    public RevokeGrant {
      requireNonNull(modelId, "modelId");
      requireNonNull(grantId, "grantId");
    }
  }

  /**
   * Hands over a key that the actor seals its own requests with.
   *
   * @param modelId the model that the requests go to
   * @param keyId the name of the key, not used before
   * @param key the key
   * @param runtimePolicy the encoded policy of the runtimes that the actor trusts with its requests
   * @param isolation the least isolation that the actor demands
   */
  record PutRequestKey(
      ModelId modelId, KeyId keyId, SecretField key, Bytes runtimePolicy, IsolationLevel isolation)
      implements Operation {
    /** Checks the parts. */
    public PutRequestKey {
      requireNonNull(modelId, "modelId");
      requireNonNull(keyId, "keyId");
      requireNonNull(key, "key");
      requireNonNull(isolation, "isolation");
      OperationCodec.checkPolicy(runtimePolicy);
    }
  }

  /**
   * Destroys a request key of the actor.
   *
   * @param modelId the model that it was for
   * @param keyId the name of the key
   */
  record DeleteRequestKey(ModelId modelId, KeyId keyId) implements Operation {
    /** Checks the parts. */
    public DeleteRequestKey {
      requireNonNull(modelId, "modelId");
      requireNonNull(keyId, "keyId");
    }
  }

  /**
   * Lists the models that the actor owns or has a grant for.
   *
   * @param offset how many to leave out at the beginning
   */
  record ListModels(int offset) implements Operation {
    /** Checks the offset. */
    public ListModels {
      OperationCodec.checkOffset(offset);
    }
  }

  /**
   * Shows one model that the actor owns or has a grant for.
   *
   * @param modelId the model
   */
  record ShowModel(ModelId modelId) implements Operation {
    /** Checks that the model is there. */
    public ShowModel {
      requireNonNull(modelId, "modelId");
    }
  }

  /**
   * Reads the audit log from an entry on. Entries that do not concern the actor come as digests.
   *
   * @param from the index of the first entry
   */
  record ReadAudit(long from) implements Operation {
    /** Checks the index. */
    public ReadAudit {
      if (from < 0) {
        throw new WireException(WireException.Code.CBOR_UNEXPECTED, "the index is negative");
      }
    }
  }
}
