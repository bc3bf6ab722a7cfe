// The canvas's colours in the theme that is on, read again when the theme changes.

import { useEffect, useState } from 'react'
import type { Palette } from '../canvas/paint.ts'
import { serviceColour, tokenColour } from '../theme/colours.ts'

export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette)
  useEffect(() => {
    const observer = new MutationObserver(() => setPalette(readPalette()))
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => observer.disconnect()
  }, [])
  return palette
}

function readPalette(): Palette {
  const hues = new Map<number, string>()
  const font = getComputedStyle(document.documentElement).getPropertyValue('--font-ui').trim()
  return {
    accent: tokenColour('accent'), ok: tokenColour('ok'), warn: tokenColour('warn'), fail: tokenColour('fail'), faint: tokenColour('faint'), line: tokenColour('line'),
    text: tokenColour('text'), dim: tokenColour('dim'), onService: tokenColour('on-service'), onToken: tokenColour('on-mark'), font: `11px ${font}`,
    service: (hue) => {
      const known = hues.get(hue) ?? serviceColour(hue)
      hues.set(hue, known)
      return known
    },
  }
}
