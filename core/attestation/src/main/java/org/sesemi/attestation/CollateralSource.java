package org.sesemi.attestation;

import java.nio.file.Path;
import java.time.InstantSource;
import org.sesemi.attestation.internal.collateral.CollateralCache;
import org.sesemi.attestation.internal.collateral.OfflineFolder;
import org.sesemi.attestation.internal.collateral.VendorServices;

/**
 * Where the vendor's documents about a machine come from. They have the names of the files of a
 * case folder, so that they can be put beside the evidence and judged with it; a source never
 * judges evidence.
 *
 * <p>Guarantees: a source gives every document that was asked for or fails with {@code
 * attestation.collateral-unavailable}; it never leaves revocation out silently. Implementations are
 * thread-safe.
 */
@FunctionalInterface
public interface CollateralSource {

  /**
   * Gets documents.
   *
   * @param request what the evidence needs
   * @return the documents
   * @throws AttestationException with {@code attestation.collateral-unavailable} when they cannot
   *     be had, {@code attestation.collateral-invalid} when what was had is not authentic, {@code
   *     attestation.collateral-rollback} when it is older than what was seen before
   */
  Documents documents(CollateralRequest request);

  /**
   * A folder with documents, filled by hand, for machines without a way to the vendors. A
   * sub-folder {@code snp-milan}, {@code snp-genoa}, {@code snp-turin}, {@code sgx-FMSPC} or {@code
   * tdx-FMSPC} is used in its place for such requests, where it exists. Nothing is remembered.
   *
   * @param folder the folder
   * @return the source
   */
  static CollateralSource folder(Path folder) {
    return new OfflineFolder(folder);
  }

  /**
   * The services of AMD and Intel, over HTTPS, each document kept on disk as long as it is valid
   * and asked for again once a day.
   *
   * <p>Guarantees: nothing is kept or given out that the anchors do not vouch for, that is outside
   * its dates, or that is older than any document of the same kind that was ever given out from
   * this folder. Several processes may share the folder.
   *
   * @param folder where documents are kept, made when it is not there; private to its owner
   * @param anchors the roots that the documents must lead to
   * @param clock the time of day
   * @return the source
   */
  static CollateralSource vendors(Path folder, Anchors anchors, InstantSource clock) {
    return new CollateralCache(folder, VendorServices.ofVendors(clock), anchors, clock);
  }
}
