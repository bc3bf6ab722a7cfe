// Canvas and Monaco cannot read CSS variables, so tokens are read once per theme and turned into #rrggbb. The conversion is
// Björn Ottosson's OKLCH to sRGB; out-of-gamut channels are clipped.

/** Token names without the dashes, as in tokens.css. */
export type ColourToken =
  | 'bg0' | 'bg1' | 'bg2' | 'bg3' | 'line' | 'line-strong' | 'text' | 'dim' | 'faint' | 'accent' | 'accent-bg' | 'on-accent' | 'ok' | 'warn' | 'fail' | 'info'
  | 'changed' | 'code-key' | 'code-string' | 'code-number' | 'code-quiet' | 'on-service' | 'on-mark'

/** One token as `#rrggbb` in the theme that is painted now. */
export function tokenColour(token: ColourToken): string {
  const written = getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim()
  return cssToHex(written)
}

/** A service's colour in the theme that is painted now. */
export function serviceColour(hue: number): string {
  const style = getComputedStyle(document.documentElement)
  return oklchToHex(Number(style.getPropertyValue('--service-lightness')), Number(style.getPropertyValue('--service-chroma')), hue)
}

/** Accepts what tokens.css holds: `oklch(l c h)`, `l` as a share or in percent; anything else (forced colours) is given back as it is. */
export function cssToHex(written: string): string {
  const match = /^oklch\(\s*([\d.]+)(%?)\s+([\d.]+)\s+([\d.]+)/.exec(written)
  // Minified style sheets write the lightness as a percentage.
  return match === null ? written : oklchToHex(Number(match[1]) / (match[2] === '%' ? 100 : 1), Number(match[3]), Number(match[4]))
}

export function oklchToHex(lightness: number, chroma: number, hue: number): string {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return `#${linear.map(channelToHex).join('')}`
}

function channelToHex(linear: number): string {
  const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(Math.min(1, Math.max(0, encoded)) * 255).toString(16).padStart(2, '0')
}
