import { describe, expect, test } from "vitest";
import {
  addSecret,
  isOpen,
  issueLink,
  linkObsolete,
  linkUrl,
  openLink,
  PURPOSES,
  revokeLink,
  tokenParts,
  type Issued,
  type Link,
} from "../../schema/link/link.ts";
import { hashOfSecret, isSecretOf, newSecret, secretText } from "../../schema/shared/secret.ts";
import { decided, faults, NOW, refused } from "./records.ts";

const about = { kind: "Person", id: "per_owner" } as const;
const ISSUED: Issued = { about, purpose: "EMAIL_CONFIRM", version: 0, links: [] };
const ID = "lnk_01J0000000000000000000000A";
const DAY_LATER = "2026-09-02T16:00:00.000Z";

const issue = (issued = ISSUED, now = NOW) => issueLink(issued, { id: ID, to: "new@example.org", facts: {} }, now);
const link = (overrides: Partial<Link> = {}): Link => ({ ...decided(issue()).outcome.link, ...overrides });
const event = (type: string) => [{ type, about: { kind: "Link", id: ID }, facts: { purpose: "EMAIL_CONFIRM" } }];
const held = { purpose: "EMAIL_CONFIRM", isHeld: true } as const;

describe("a link that is made", () => {
  test("holds for the purpose's time and uses, and has no secret yet", () => {
    expect(issue()).toEqual({
      outcome: {
        link: {
          id: ID,
          version: 0,
          purpose: "EMAIL_CONFIRM",
          about,
          to: "new@example.org",
          facts: {},
          hashes: [],
          issuedAt: NOW,
          expiresAt: DAY_LATER,
          uses: 0,
          mostUses: 1,
          revokedAt: null,
        },
        issued: { ...ISSUED, links: [{ id: ID, at: NOW }] },
      },
      events: event("LinkIssued"),
    });
  });

  test("is one of so many a day; the next can be asked for a day after the first of them", () => {
    const at = (minute: number) => `2026-09-01T15:0${minute}:00.000Z`;
    const links = [1, 2, 3, 4, 5].map((minute) => ({ id: `lnk_${minute}`, at: at(minute) }));
    expect(faults(issue({ ...ISSUED, links: links.slice(1) }))).toEqual([]);
    const full = issue({ ...ISSUED, links });
    expect(refused(full)).toEqual([
      {
        code: "TOO_MANY",
        field: null,
        message:
          "This was asked for too often today: please try again after Wednesday, September 2, 2026 at 3:01 PM UTC.",
      },
    ]);
    expect(faults(issue({ ...ISSUED, links }, "2026-09-02T15:00:59.999Z"))).toEqual(["TOO_MANY"]);
    // Those that no longer matter are forgotten.
    const next = decided(issue({ ...ISSUED, links }, "2026-09-02T15:01:00.000Z")).outcome.issued.links;
    expect(next.map(({ id }) => id)).toEqual(["lnk_2", "lnk_3", "lnk_4", "lnk_5", ID]);
  });
});

describe("a link that is used", () => {
  test("counts its use", () => {
    expect(openLink(link(), held, NOW)).toEqual({ outcome: link({ uses: 1 }), events: event("LinkUsed") });
  });

  test("until it has expired, was used or was taken back", () => {
    expect(faults(openLink(link(), held, "2026-09-02T15:59:59.999Z"))).toEqual([]);
    expect(faults(openLink(link(), held, DAY_LATER))).toEqual(["LINK_EXPIRED token"]);
    expect(faults(openLink(link({ uses: 1 }), held, DAY_LATER))).toEqual(["LINK_USED token"]);
    const { outcome, events } = revokeLink(link(), NOW);
    expect(events).toEqual(event("LinkRevoked"));
    expect(faults(openLink({ ...outcome, uses: 1 }, held, DAY_LATER))).toEqual(["LINK_REVOKED token"]);
    expect(faults(openLink(link({ uses: 1, mostUses: 2 }), held, NOW))).toEqual([]);
  });

  test("is told apart from no link only to who holds its secret for its purpose", () => {
    const nothing = refused(openLink(undefined, { ...held, isHeld: false }, NOW));
    expect(nothing.map(({ code }) => code)).toEqual(["LINK_UNKNOWN"]);
    for (const of of [link(), link({ uses: 1 }), link({ revokedAt: NOW }), link({ expiresAt: NOW })]) {
      expect(refused(openLink(of, { ...held, isHeld: false }, NOW))).toEqual(nothing);
      expect(refused(openLink({ ...of, purpose: "ANOTHER" as Link["purpose"] }, held, NOW))).toEqual(nothing);
    }
  });

  test("is open and worth a mail for as long as it could be used", () => {
    const obsolete = [
      [link(), null],
      [link({ uses: 1 }), "The link in this mail was used."],
      [link({ expiresAt: NOW }), "The link in this mail has expired."],
      [link({ revokedAt: NOW }), "A newer link took the place of the one in this mail."],
      [undefined, "The link in this mail is not there any more."],
    ] as const;
    for (const [of, reason] of obsolete) {
      expect(linkObsolete(of, NOW)).toBe(reason);
      if (of) expect(isOpen(of, NOW)).toBe(reason === null);
    }
  });
});

describe("secrets", () => {
  test("the latest three count", () => {
    const hashes = ["1", "2", "3", "4"].reduce((of, hash) => addSecret(of, hash), link()).hashes;
    expect(hashes).toEqual(["2", "3", "4"]);
  });

  test("have 256 bits and only their hash is kept", () => {
    const secrets = Array.from({ length: 100 }, newSecret);
    expect(new Set(secrets.map(({ text }) => text)).size).toBe(100);
    for (const { text, hash } of secrets) {
      expect(Buffer.from(text, "base64url")).toHaveLength(32);
      expect([hash === hashOfSecret(text), isSecretOf(text, hash), isSecretOf(`${text}x`, hash)]).toEqual([
        true,
        true,
        false,
      ]);
    }
    expect([isSecretOf("", ""), isSecretOf("a", "short")]).toEqual([false, false]);
  });

  test("are read from exactly the form they are sent in, which is behind the #", () => {
    const { text } = newSecret();
    const token = secretText(ID, text);
    expect(tokenParts(token)).toEqual({ id: ID, secret: text });
    for (const other of [`${token}=`, ` ${token}`, `${token}\n`, token.toLowerCase(), token.replace(".", "#"), ""]) {
      expect(tokenParts(other), other).toBeNull();
    }
    for (const purpose of Object.keys(PURPOSES) as Link["purpose"][]) {
      const url = new URL(linkUrl("https://program.example.org", purpose, token));
      expect([url.pathname + url.search, url.hash]).toEqual([PURPOSES[purpose].path, `#${token}`]);
    }
  });
});
