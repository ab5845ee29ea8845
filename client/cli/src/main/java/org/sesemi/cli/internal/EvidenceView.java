package org.sesemi.cli.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Judgement;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonBool;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.VerificationRecord;

/** Shows a judgement on evidence, for programs and for people. */
final class EvidenceView {

  private static final int LINE = 64;

  private EvidenceView() {}

  /** Returns the form of documents. */
  static Fields fields(Judgement judgement) {
    Fields fields =
        new Fields()
            .put("verdict", judgement.verdict().text())
            .put("platform", judgement.platform().text());
    judgement.tcbStatus().ifPresent(status -> fields.put("tcbStatus", status));
    if (judgement.tcbStatus().isPresent() || !judgement.advisories().isEmpty()) {
      fields.putTexts("advisories", judgement.advisories());
    }
    judgement.validUntil().ifPresent(end -> fields.put("validUntil", end.toString()));
    return fields
        .put("claims", claims(judgement.claims()))
        .putList("checks", checks(judgement.record()));
  }

  /** Returns every check with all of its fields. */
  static List<Fields> checks(VerificationRecord record) {
    List<Fields> checks = new ArrayList<>();
    for (Check check : record.checks()) {
      checks.add(
          new Fields()
              .put("name", check.name())
              .put("outcome", check.outcome().text())
              .put("expected", check.expected())
              .put("got", check.got())
              .put("reason", check.reason()));
    }
    return checks;
  }

  /** Returns claims as an object. */
  static Fields claims(ClaimSet claims) {
    Fields fields = new Fields();
    claims.values().forEach((name, value) -> fields.put(name, json(value)));
    return fields;
  }

  private static JsonValue json(ClaimValue value) {
    return switch (value) {
      case ClaimValue.Hex(Bytes bytes) -> new JsonString(bytes.hex());
      case ClaimValue.Text(String text) -> new JsonString(text);
      case ClaimValue.Whole(long number) -> JsonNumber.of(number);
      case ClaimValue.Flag(boolean set) -> new JsonBool(set);
      case ClaimValue.Several(List<ClaimValue> values) ->
          new JsonArray(values.stream().map(EvidenceView::json).toList());
      case ClaimValue.Group(ClaimSet group) -> claims(group).json();
    };
  }

  /** Returns what the vendor and the dates say, one line each. */
  static List<String> summary(Judgement judgement) {
    Table table = new Table("what", "value");
    table.row("  platform", judgement.platform().text());
    judgement.tcbStatus().ifPresent(status -> table.row("  vendor's status", status));
    if (!judgement.advisories().isEmpty()) {
      table.row("  advisories", String.join(", ", judgement.advisories()));
    }
    judgement.validUntil().ifPresent(end -> table.row("  valid until", end.toString()));
    judgement
        .claims()
        .hex("measurement")
        .ifPresent(measurement -> table.row("  measurement", measurement.hex()));
    List<String> lines = table.lines();
    return lines.subList(1, lines.size());
  }

  /** Returns documents and claims as a tree. */
  static List<String> tree(Documents documents, Optional<Judgement> judgement) {
    List<String> lines = new ArrayList<>();
    boolean claims = judgement.isPresent() && !judgement.get().claims().values().isEmpty();
    lines.add((claims ? "├─" : "└─") + " documents");
    List<Map.Entry<String, Bytes>> files = List.copyOf(documents.files().entrySet());
    for (int i = 0; i < files.size(); i++) {
      lines.add(
          (claims ? "│  " : "   ")
              + (i == files.size() - 1 ? "└─ " : "├─ ")
              + files.get(i).getKey()
              + "  "
              + Sizes.text(files.get(i).getValue().length()));
    }
    if (claims) {
      lines.add("└─ claims");
      group(lines, "   ", judgement.get().claims());
    }
    return lines;
  }

  private static void group(List<String> lines, String indent, ClaimSet claims) {
    List<Map.Entry<String, ClaimValue>> entries = List.copyOf(claims.values().entrySet());
    for (int i = 0; i < entries.size(); i++) {
      boolean last = i == entries.size() - 1;
      String head = indent + (last ? "└─ " : "├─ ") + entries.get(i).getKey();
      String below = indent + (last ? "   " : "│  ");
      if (entries.get(i).getValue() instanceof ClaimValue.Group(ClaimSet inner)) {
        lines.add(head);
        group(lines, below, inner);
      } else {
        value(lines, head, below, entries.get(i).getValue());
      }
    }
  }

  private static void value(List<String> lines, String head, String below, ClaimValue value) {
    String text =
        json(value) instanceof JsonString(String plain) ? printable(plain) : json(value).toText();
    if (text.length() <= LINE) {
      lines.add(head + ": " + text);
      return;
    }
    lines.add(head + ":");
    for (int from = 0; from < text.length(); from += LINE) {
      lines.add(below + "  " + text.substring(from, Math.min(text.length(), from + LINE)));
    }
  }

  /** Evidence must not control the terminal of its reader. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
