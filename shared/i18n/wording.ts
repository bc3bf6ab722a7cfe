// The shape that a language must fill: every key of English, except that a language with one plural form needs `_other` only.

type PluralOne<K> = K extends `${string}_one` ? K : never

export type Wording<En> = { readonly [K in Exclude<keyof En, PluralOne<keyof En>>]: string } & { readonly [K in PluralOne<keyof En>]?: string }
