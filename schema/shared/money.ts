/** An amount of money in whole minor units, so that sums are exact. */
export interface Money {
  /** Whole cents (hundredths of the currency). */
  cents: number;
  /** ISO 4217 code, such as `USD`. */
  currency: string;
}

/** An amount in words for people: `$2,500.00`. */
export function moneyInWords({ cents, currency }: Money): string {
  return new Intl.NumberFormat("en-US", { style: "currency", currency }).format(cents / 100);
}
