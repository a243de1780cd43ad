import type { Finding, Results } from './results.ts';
import { IN_TIME_MS, type Scenario, scenariosOf } from './scenarios.ts';
import { WAYS } from './ways/all.ts';

const WIDTH = 720;
const LABELS = 170;
const BARS = 280;
const ROW = 40;
const BAR = 22;
const TOP = 62;

/** Colours of both kinds of background; the ways of others are grey, ours stands out. */
const STYLE = `
  text { font: 14px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #24292f }
  .title { font-size: 17px; font-weight: 600 }
  .heading, .figure { font-weight: 600 }
  .small { font-size: 12px; font-weight: 400; fill: #57606a }
  .other { fill: #8c959f }
  .ours { fill: #0969da }
  .axis { stroke: #d0d7de }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .small { fill: #9198a1 }
    .other { fill: #656c76 }
    .ours { fill: #4493f8 }
    .axis { stroke: #3d444d }
  }`;

/** The results as a picture: a bar for each way, in each scenario. */
export function chartOf({ options, findings }: Results): string {
  const blocks = scenariosOf(options)
    .map((scenario) => ({
      scenario,
      findings: findings.filter((finding) => finding.scenario === scenario.name),
    }))
    .filter((block) => block.findings.length > 0);
  let y = TOP;
  const parts = blocks.map(({ scenario, findings }) => {
    const part = blockAt(y, scenario, findings);
    y += 60 + findings.length * ROW;
    return part;
  });
  const height = y - 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="What a server of 1 core, 1 GB and 1 Mbps holds">`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="16" y="28">What 1 core, 1 GB and 1 Mbps hold</text>`,
    `<text class="small" x="16" y="48">95 % of all messages are there within ${IN_TIME_MS / 1000} s, and none is missing. More is better.</text>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function blockAt(top: number, { title, caption, unit }: Scenario, findings: readonly Finding[]): string {
  const most = Math.max(1, ...findings.map(({ result }) => result));
  const bars = findings.map((finding, index) => barAt(top + 40 + index * ROW, finding, most, unit));
  const bottom = top + 40 + findings.length * ROW - (ROW - BAR);
  return [
    `<text class="heading" x="16" y="${top + 20}">${title}<tspan class="small" dx="10">${caption}</tspan></text>`,
    ...bars,
    `<line class="axis" x1="${LABELS}" x2="${LABELS}" y1="${top + 34}" y2="${bottom + 6}"/>`,
  ].join('\n');
}

function barAt(y: number, { way, result, at }: Finding, most: number, unit: string): string {
  const title = WAYS.find(({ name }) => name === way)?.title ?? way;
  const width = Math.round((BARS * result) / most);
  const bytes = at ? `, ${at.sentPerDelivery.toFixed(0)} bytes a delivery` : '';
  return [
    `<text x="${LABELS - 12}" y="${y + 16}" text-anchor="end">${title}</text>`,
    `<rect class="${way.startsWith('v2') ? 'ours' : 'other'}" x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="3"/>`,
    `<text class="figure" x="${LABELS + width + 10}" y="${y + 16}">${result.toLocaleString('en-US')}<tspan class="small" dx="5">${unit}${bytes}</tspan></text>`,
  ].join('\n');
}
