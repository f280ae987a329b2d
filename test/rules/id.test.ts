import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applicationId } from "../../schema/application/application.ts";
import { globalId, idsFrom, parseGlobalId, type NodeKind } from "../../schema/shared/id.ts";

const KINDS: NodeKind[] = ["Person", "Cohort", "Application", "Decision", "Certificate", "Message", "ServiceToken"];
const opaque = (text: string) => Buffer.from(text).toString("base64url");

describe("ids", () => {
  const ids = idsFrom(
    () => Date.parse("2026-09-01T16:00:00.000Z"),
    () => 0.5,
  );

  test("tell their kind and sort by the time they were made", () => {
    expect(ids.make("per")).toBe("per_01M1EV5S00GGGGGGGGGGGGGGGG");
    const later = idsFrom(
      () => Date.parse("2026-09-01T16:00:00.001Z"),
      () => 0,
    );
    expect(ids.make("per") < later.make("per")).toBe(true);
  });

  test("codes have the length asked for and no look-alikes, at both ends of chance", () => {
    const from = (random: number) =>
      idsFrom(
        () => 0,
        () => random,
      ).code(6);
    expect([from(0), from(0.999_999_999), from(0.5)]).toEqual(["000000", "ZZZZZZ", "GGGGGG"]);
    expect(ids.code(0)).toBe("");
  });
});

describe("opaque ids", () => {
  test("come back as they were, for every kind and every id of ours", () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_.-]{1,150}$/);
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), id, (kind, text) => {
        expect(parseGlobalId(globalId(kind, text))).toEqual({ kind, id: text });
      }),
      { numRuns: 500 },
    );
    const made = applicationId("coh_01K3Z8", "CANDIDATE", "per_01K3Z9");
    expect(parseGlobalId(globalId("Application", made))).toEqual({ kind: "Application", id: "app_01K3Z8-c-01K3Z9" });
  });

  test("are the same text for the same object, and another for any other", () => {
    expect(globalId("Person", "per_1")).toBe("UGVyc29uOnBlcl8x");
    expect(new Set(KINDS.map((kind) => globalId(kind, "x_1"))).size).toBe(7);
  });

  test("what was not given out is nobody's, whatever it looks like", () => {
    for (const text of [
      "",
      "per_1",
      "Person:per_1",
      "PERSON#per_1",
      "__proto__",
      "constructor",
      "1 OR 1=1",
      "../../etc/passwd",
      "'; DROP TABLE",
      "UGVyc29uOnBlcl8x\n",
      " UGVyc29uOnBlcl8x",
      "UGVyc29uOnBlcl8x==",
      "UGVyc29uOnBlcl8x UGVyc29uOnBlcl8x",
      "😀",
      "\ud800",
      "\u0000",
      "[object Object]",
    ]) {
      expect(parseGlobalId(text), JSON.stringify(text)).toBeNull();
    }
  });

  test("kinds that nobody can ask for are nobody's", () => {
    for (const kind of ["", "person", "Persons", "Release", "Event", "Claim", "__proto__", "constructor", "toString"]) {
      expect(parseGlobalId(opaque(`${kind}:x_1`)), kind).toBeNull();
    }
  });

  test("an id holds no separator of keys, no line and no byte that is not ours", () => {
    for (const id of ["", "a#b", "a b", "a:b", "a\nb", "a\u0000b", "a/b", "ä", "a\n", "%23"]) {
      expect(parseGlobalId(opaque(`Person:${id}`)), JSON.stringify(id)).toBeNull();
    }
    // A name that objects have of their own is an id like any other: it goes into a key, never into an object.
    expect(parseGlobalId(opaque("Person:__proto__"))).toEqual({ kind: "Person", id: "__proto__" });
  });

  test("ten kilobytes are not read", () => {
    expect(parseGlobalId("A".repeat(10_240))).toBeNull();
    expect(parseGlobalId(globalId("Person", "x".repeat(10_240)))).toBeNull();
    const longest = globalId("Person", "x".repeat(218));
    expect(longest).toHaveLength(300);
    expect(parseGlobalId(longest)).toEqual({ kind: "Person", id: "x".repeat(218) });
    expect(parseGlobalId(globalId("Person", "x".repeat(219)))).toBeNull();
  });

  test("another spelling of the same bytes is not the id that was given out", () => {
    const given = globalId("Person", "per_12");
    expect(given).toBe("UGVyc29uOnBlcl8xMg");
    // The last letter has four bits to spare; a lone letter at the end has no byte to carry.
    for (const other of ["UGVyc29uOnBlcl8xMh", "UGVyc29uOnBlcl8xMv", "UGVyc29uOnBlcl8xMgA", "UGVyc29uOnBlcl8xMg=="]) {
      expect(parseGlobalId(other), other).toBeNull();
    }
    expect(parseGlobalId(given)).toEqual({ kind: "Person", id: "per_12" });
  });

  test("whatever text is taken for an id is exactly the one that would be given out", () => {
    const noise = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
      fc.stringMatching(/^[A-Za-z0-9_-]{0,80}$/),
      fc.string({ maxLength: 60 }).map((id) => opaque(`Person:${id}`)),
    );
    fc.assert(
      fc.property(noise, (text) => {
        const parsed = parseGlobalId(text);
        if (parsed) expect(globalId(parsed.kind, parsed.id)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});
