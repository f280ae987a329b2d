/** What is measured: one call of it. */
export type Subject = () => Promise<unknown>;

/** Ratios of one subject's time to the first one's, over rounds in which both ran. */
export interface Ratio {
  median: number;
  /** The middle half of the rounds lies between these. */
  from: number;
  to: number;
  /** Median milliseconds of one call, for orientation: times drift from machine to machine and hour to hour. */
  milliseconds: number;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Milliseconds that pass. */
export const wallClock = (): number => performance.now();

/** Milliseconds of processor time of this process, in which what else runs on the machine hardly shows. */
export function processorClock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Runs all subjects in every round, each time beginning with another one, so that what the machine does meanwhile
 * strikes all of them alike.
 */
export async function paired<Name extends string>(
  subjects: Record<Name, Subject>,
  { rounds, calls, clock = wallClock }: { rounds: number; calls: number; clock?: () => number },
): Promise<Record<Name, Ratio>> {
  const names = Object.keys(subjects) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!;
      const from = clock();
      for (let call = 0; call < calls; call++) await subjects[name]();
      times.get(name)!.push((clock() - from) / calls);
    }
  }
  const base = times.get(names[0]!)!;
  const ratios = names.map((name) => {
    const own = times.get(name)!;
    const each = own.map((time, round) => time / base[round]!);
    const [median, from, to] = [0.5, 0.25, 0.75].map((share) => quantile(each, share)) as [number, number, number];
    return [name, { median, from, to, milliseconds: quantile(own, 0.5) }] as const;
  });
  return Object.fromEntries(ratios) as Record<Name, Ratio>;
}

/** A table of ratios for people. */
export function printRatios(ratios: Record<string, Ratio>): void {
  const width = Math.max(...Object.keys(ratios).map((name) => name.length));
  for (const [name, { median, from, to, milliseconds }] of Object.entries(ratios)) {
    const half = `${from.toFixed(2)} to ${to.toFixed(2)}`;
    console.log(`  ${name.padEnd(width)}  ${median.toFixed(2).padStart(6)}   (${half}; ${milliseconds.toFixed(2)} ms)`);
  }
}
