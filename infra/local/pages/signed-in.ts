import type { FrontRequest } from "../http-event.ts";

const COOKIE = "signed-in";
const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Who the browser said to be. No proof of anything: the functions see only signed tokens. */
export interface SignedIn {
  name: string;
  email: string;
}

/** The person of the browser's cookie. */
export function signedInOf(request: FrontRequest): SignedIn | undefined {
  const cookie = request.cookies.find((candidate) => candidate.startsWith(`${COOKIE}=`));
  if (cookie === undefined) return undefined;
  try {
    const content: unknown = JSON.parse(decodeURIComponent(cookie.slice(COOKIE.length + 1)));
    return personOf(content);
  } catch {
    return undefined;
  }
}

/** Name and address of a JSON body, a form or a cookie; undefined where they make no person. */
export function personOf(content: unknown): SignedIn | undefined {
  if (typeof content !== "object" || content === null || !("email" in content) || !("name" in content))
    return undefined;
  const { email, name } = content;
  if (typeof email !== "string" || typeof name !== "string") return undefined;
  const isAddress = email.length <= 254 && /^[^\s@<>]+@[^\s@<>]+$/.test(email);
  return isAddress && name.trim() !== "" && name.length <= 200 ? { email, name: name.trim() } : undefined;
}

/** The `Set-Cookie` that keeps the person, or forgets whoever it was. */
export function signedInCookie(person: SignedIn | undefined): string {
  const value =
    person === undefined ? "" : encodeURIComponent(JSON.stringify({ name: person.name, email: person.email }));
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${person === undefined ? 0 : ONE_YEAR_SECONDS}`;
}
