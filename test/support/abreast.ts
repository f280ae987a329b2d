/** Does something with each, this many at a time; answers in the order of the inputs. */
export async function abreast<Input, Output>(
  inputs: readonly Input[],
  width: number,
  work: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  for (let start = 0; start < inputs.length; start += width) {
    outputs.push(...(await Promise.all(inputs.slice(start, start + width).map(work))));
  }
  return outputs;
}
