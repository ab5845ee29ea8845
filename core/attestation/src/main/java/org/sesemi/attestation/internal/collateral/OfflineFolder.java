package org.sesemi.attestation.internal.collateral;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.sesemi.attestation.CollateralRequest;
import org.sesemi.attestation.CollateralRequest.Intel;
import org.sesemi.attestation.CollateralRequest.SnpChip;
import org.sesemi.attestation.CollateralRequest.SnpLine;
import org.sesemi.attestation.CollateralRequest.SnpProvider;
import org.sesemi.attestation.CollateralSource;
import org.sesemi.attestation.Documents;
import org.sesemi.wire.Bytes;

/** Documents that an operator put into a folder. Stateless: the folder is read at each request. */
public final class OfflineFolder implements CollateralSource {

  private final Path folder;

  /** Names the folder, which need not exist yet. */
  public OfflineFolder(Path folder) {
    this.folder = folder;
  }

  @Override
  public Documents documents(CollateralRequest request) {
    Path special = folder.resolve(subfolder(request));
    Path used = Files.isDirectory(special) ? special : folder;
    if (!Files.isDirectory(used)) {
      throw Unavailable.because("the folder " + folder + " of collateral is not there");
    }
    Documents all = Documents.read(used);
    Map<String, Bytes> found = new TreeMap<>();
    for (Item item : Item.of(request)) {
      String name = item.kind().document();
      all.get(name).ifPresent(document -> found.put(name, document));
      // Chains of AMD come with the pinned roots.
      if (!found.containsKey(name) && item.kind() != Item.Kind.AMD_CHAIN) {
        throw Unavailable.because("the folder " + used + " has no " + name);
      }
    }
    if (request instanceof Intel) {
      found.put(
          Item.SIGNING_CHAIN,
          all.get(Item.SIGNING_CHAIN)
              .orElseThrow(
                  () ->
                      Unavailable.because("the folder " + used + " has no " + Item.SIGNING_CHAIN)));
    }
    return new Documents(found);
  }

  private static String subfolder(CollateralRequest request) {
    return switch (request) {
      case SnpChip chip -> snp(chip.line());
      case SnpProvider provider -> snp(provider.line());
      case Intel intel -> intel.platform().text() + "-" + intel.fmspc().hex();
    };
  }

  private static String snp(SnpLine line) {
    return "snp-" + line.text().toLowerCase(Locale.ROOT);
  }
}
