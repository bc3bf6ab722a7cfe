// What a terminal would obey instead of show. Peers choose much of what is printed (status messages, headers, names of spans and services),
// and a terminal takes orders from whoever writes to it: titles, cursor moves, the clipboard. Every text passes here on its way out.

/** Controls but tab and line ends, and marks that turn text around (Unicode TR 9); our own colours are whole sequences. */
const orders = /\u001b\[(?:0|2|31|33)m|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g

/** The text with each order shown as JSON would escape it, so that JSON stays the same JSON. */
export const forTerminal = (text: string): string => text.replace(orders, (found) => (found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`))
