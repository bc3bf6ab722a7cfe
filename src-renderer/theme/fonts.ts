// Both families come with the window (OFL, from npm): nothing is fetched, and the figures align the same everywhere.

import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
