export async function nightlyReport({ of }: { of: string }): Promise<{ pages: number }> {
  return { pages: of.length };
}
