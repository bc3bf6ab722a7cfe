import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser'

declare const config: { readonly forbidden: IForbiddenRuleType[]; readonly options: NonNullable<IConfiguration['options']> }
export = config
