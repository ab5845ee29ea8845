package org.sesemi.cli.internal;

import java.util.ArrayList;
import java.util.List;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.VerificationRecord;

/** Shows a verification step by step. */
final class RecordView {

  private static final int MAX_VALUE = 80;

  private RecordView() {}

  /** Returns the form of documents. */
  static Fields fields(VerificationRecord record) {
    List<Fields> checks = new ArrayList<>();
    for (Check check : record.checks()) {
      Fields fields =
          new Fields()
              .put("name", check.name())
              .put("outcome", check.outcome().text())
              .put("expected", check.expected())
              .put("got", check.got());
      if (!check.reason().isEmpty()) {
        fields.put("reason", check.reason());
      }
      checks.add(fields);
    }
    return new Fields()
        .put("subject", record.subject())
        .put("verdict", record.verdict().text())
        .putList("checks", checks);
  }

  /** Returns lines for people: what passed in one line each, the rest with all that is known. */
  static List<String> lines(VerificationRecord record, Style style) {
    List<String> lines = new ArrayList<>();
    for (Check check : record.checks()) {
      String name = check.name().replace('-', ' ');
      switch (check.outcome()) {
        case PASSED ->
            lines.add(
                "  " + style.good("ok  ") + " " + name + style.faint(value("  ", check.got())));
        case FAILED -> lines.add("  " + style.bad("FAIL") + " " + name);
        case UNVERIFIED -> lines.add("  " + style.warning("?   ") + " " + name);
      }
      if (check.outcome() != CheckOutcome.PASSED) {
        lines.add("         expected  " + check.expected());
        lines.add("         got       " + (check.got().isEmpty() ? "nothing" : check.got()));
        lines.add("         so        " + check.reason());
      }
    }
    long passed = record.checks().stream().filter(c -> c.outcome() == CheckOutcome.PASSED).count();
    lines.add(
        "  "
            + passed
            + " of "
            + record.checks().size()
            + " checks passed: "
            + (record.accepted()
                ? style.good(record.verdict().text())
                : style.bad(record.verdict().text())));
    return lines;
  }

  private static String value(String before, String value) {
    if (value.isEmpty()) {
      return "";
    }
    return before + (value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE) + "...");
  }
}
