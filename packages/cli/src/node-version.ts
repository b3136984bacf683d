/** What to tell who runs this on a Node that is too old, where native modules would end the process without a word. */
export function complaintOfNode(running: string, wanted: string): string | undefined {
  const least = wanted.replace(/^>=/, '');
  // Digits count as numbers: 22.9 comes before 22.15.
  if (running.localeCompare(least, 'en', { numeric: true }) >= 0) return undefined;
  return `Node ${least} or newer is needed, and this is ${running}. Install a newer one (https://nodejs.org), or run "npx -p node@24 driftline ...".`;
}
