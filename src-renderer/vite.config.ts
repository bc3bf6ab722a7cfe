// The renderer's build. Relative addresses, since the same files are read over app:// and from `kite serve`; one target, the oldest
// Chromium that the window runs on (Electron 33).

import react from '@vitejs/plugin-react'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  cacheDir: resolve(import.meta.dirname, '../out/vite'),
  build: {
    outDir: resolve(import.meta.dirname, '../dist/renderer'),
    emptyOutDir: true,
    target: 'chrome130',
    chunkSizeWarningLimit: 6000,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', strictPort: false },
})
