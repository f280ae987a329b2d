import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusal, textRefusals, type TextLimit } from "../../schema/shared/decision.ts";
import { escapeHtml } from "../../schema/shared/html.ts";
import { moneyInWords } from "../../schema/shared/money.ts";
import { faults } from "./records.ts";

const LINE: TextLimit = { max: 10, label: "The name" };
const LINES: TextLimit = { ...LINE, multiline: true };
const faultsOf = (text: string, limit = LINE) => faults(textRefusals(text, limit, "name"));

describe("texts", () => {
  test("nothing but space is missing, unless it may be", () => {
    for (const text of ["", " ", "\n", "\t \r\n", "\u00a0", "\u2003", "\ufeff"]) {
      expect(textRefusals(text, LINE, "name"), JSON.stringify(text)).toEqual([
        { code: "REQUIRED", field: ["name"], message: "The name is missing: please fill it in." },
      ]);
      expect(faultsOf(text, { ...LINE, optional: true }), JSON.stringify(text)).toEqual([]);
    }
  });

  test("the limit counts UTF-16 units, with the space around the text", () => {
    expect(faultsOf("1234567890")).toEqual([]);
    expect(textRefusals("12345678901", LINE, "name")).toEqual([
      { code: "TOO_LONG", field: ["name"], message: "The name has 11 characters: please keep it to 10." },
    ]);
    expect(faultsOf("🎓🎓🎓🎓🎓")).toEqual([]);
    expect(faultsOf("🎓🎓🎓🎓🎓🎓")).toEqual(["TOO_LONG name"]);
    expect(faultsOf(" 12345678 ")).toEqual([]);
    expect(faultsOf(" 123456789 ")).toEqual(["TOO_LONG name"]);
  });

  test("what cannot be stored or mailed is refused, on one line and on more", () => {
    for (const text of ["\u0000a", "a\u0001", "a\u001bb", "a\u007f", "a\u009fb", "a\u2028b", "a\u2029b"]) {
      expect(faultsOf(text), JSON.stringify(text)).toEqual(["BAD_CHARACTERS name"]);
      expect(faultsOf(text, LINES), JSON.stringify(text)).toEqual(["BAD_CHARACTERS name"]);
    }
    for (const text of ["a\ud83d", "\udf93a", "\udf93\ud83d"]) {
      expect(faultsOf(text), JSON.stringify(text)).toEqual(["BAD_CHARACTERS name"]);
      expect(faultsOf(text, LINES), JSON.stringify(text)).toEqual(["BAD_CHARACTERS name"]);
    }
  });

  test("line breaks and tabs are for texts of more than one line", () => {
    for (const text of ["a\nb", "a\rb", "a\r\nb", "a\tb", "a\n"]) {
      expect(faultsOf(text, LINES), JSON.stringify(text)).toEqual([]);
      expect(faultsOf(text), JSON.stringify(text)).toEqual(["BAD_CHARACTERS name"]);
    }
    expect(textRefusals("a\n", LINE)[0]?.message).toBe(
      "The name contains line breaks or control characters: please remove them.",
    );
    expect(textRefusals("a\u0000", LINES)[0]?.message).toBe(
      "The name contains control characters: please remove them.",
    );
  });

  test("a text that is too long and holds bad characters is told both", () => {
    expect(faultsOf(`${"x".repeat(10)}\u0000`)).toEqual(["TOO_LONG name", "BAD_CHARACTERS name"]);
  });

  test("any script, emoji with joiners and combining marks are text", () => {
    for (const text of ["Zoë", "山田太郎", "אבג", "محمد", "👩🏽‍💻", "e\u0301", "ﬁ", "<b>", "a\u200db", "a\u200fb"]) {
      expect(faultsOf(text), text).toEqual([]);
    }
  });

  test("whatever is taken is well-formed, prints on one line and keeps the limit", () => {
    const unit = fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0xd800, max: 0xdfff }), fc.nat(0xffff));
    const anyText = fc.array(unit, { maxLength: 12 }).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(anyText, (text) => {
        const isFine =
          text.trim() !== "" && text.length <= 10 && text.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(text);
        expect(faultsOf(text).length === 0).toBe(isFine);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("a refusal names a field, or none", () => {
  expect(refusal("CODE", "Sentence.")).toEqual({ code: "CODE", field: null, message: "Sentence." });
  expect(refusal("CODE", "Sentence.", "vote", "inFavor").field).toEqual(["vote", "inFavor"]);
});

test("HTML keeps text as text, in content and in attributes", () => {
  expect(escapeHtml(`<script>alert("1" & '2')</script>`)).toBe(
    "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;",
  );
  expect(escapeHtml("&amp; אבג 👩🏽‍💻")).toBe("&amp;amp; אבג 👩🏽‍💻");
});

test("money is told in its currency", () => {
  expect(moneyInWords({ cents: 250_000, currency: "USD" })).toBe("$2,500.00");
  expect(moneyInWords({ cents: 1, currency: "USD" })).toBe("$0.01");
  expect(moneyInWords({ cents: 0, currency: "USD" })).toBe("$0.00");
  expect(moneyInWords({ cents: 10_000_000, currency: "CAD" })).toBe("CA$100,000.00");
});
