// For each import rule the smallest tree that breaks it, in the order of the rules. A rule whose pattern is mistyped would pass
// everything in silence; here it fails.

interface RuleCase {
  readonly rule: string
  readonly files: Readonly<Record<string, readonly string[]>>
}

const npm = (name: string) => ({ [`node_modules/${name}/index.js`]: [] as const })

export const ruleCases: readonly RuleCase[] = [
  { rule: 'shared-imports-only-shared', files: { 'shared/logic/a.ts': ['../../src-main/engine/b.ts'], 'src-main/engine/b.ts': [] } },
  { rule: 'shared-base-is-the-floor', files: { 'shared/base/a.ts': ['../model/b.ts'], 'shared/model/b.ts': [] } },
  { rule: 'shared-has-no-node', files: { 'shared/model/a.ts': ['node:fs'] } },
  { rule: 'shared-i18next-only-in-i18n', files: { 'shared/model/a.ts': ['i18next'], ...npm('i18next') } },
  { rule: 'engine-knows-no-host', files: { 'src-main/engine/a.ts': ['../cli/b.ts'], 'src-main/cli/b.ts': [] } },
  { rule: 'engine-does-not-know-ipc', files: { 'src-main/engine/a.ts': ['../../shared/ipc/b.ts'], 'shared/ipc/b.ts': [] } },
  { rule: 'hosts-enter-by-the-door', files: { 'src-main/cli/a.ts': ['../engine/kernel/b.ts'], 'src-main/engine/kernel/b.ts': [] } },
  { rule: 'hosts-do-not-meet', files: { 'src-main/cli/a.ts': ['../app/b.ts'], 'src-main/app/b.ts': [] } },
  { rule: 'middlewares-do-not-meet', files: { 'src-main/engine/middleware/a.ts': ['./b.ts'], 'src-main/engine/middleware/b.ts': [] } },
  { rule: 'middleware-is-not-aware-of-the-recorder', files: { 'src-main/engine/middleware/a.ts': ['../kernel/recorder.ts'], 'src-main/engine/kernel/recorder.ts': [] } },
  { rule: 'policy-is-pure', files: { 'src-main/engine/policy/a.ts': ['../kernel/b.ts'], 'src-main/engine/kernel/b.ts': [] } },
  { rule: 'policy-has-no-io', files: { 'src-main/engine/policy/a.ts': ['node:fs'] } },
  { rule: 'codec-and-transport-are-strangers', files: { 'src-main/engine/codec/a.ts': ['../transport/b.ts'], 'src-main/engine/transport/b.ts': [] } },
  { rule: 'codecs-do-not-lean-on-each-other', files: { 'src-main/engine/codec/protobuf/a.ts': ['../thrift/b.ts'], 'src-main/engine/codec/thrift/b.ts': [] } },
  { rule: 'electron-only-in-app-and-preload', files: { 'src-main/engine/a.ts': ['electron'], ...npm('electron') } },
  { rule: 'preload-is-thin', files: { 'src-main/preload/a.ts': ['../../shared/model/b.ts'], 'shared/model/b.ts': [] } },
  { rule: 'renderer-sees-shared-only', files: { 'src-renderer/a.ts': ['../src-main/engine/b.ts'], 'src-main/engine/b.ts': [] } },
  { rule: 'features-do-not-meet', files: { 'src-renderer/features/chain/a.ts': ['../trace/b.ts'], 'src-renderer/features/trace/b.ts': [] } },
  { rule: 'ui-is-dumb', files: { 'src-renderer/ui/a.ts': ['../store/b.ts'], 'src-renderer/store/b.ts': [] } },
  { rule: 'views-do-not-call-the-platform', files: { 'src-renderer/features/chain/view.tsx': ['../../platform/b.ts'], 'src-renderer/platform/b.ts': [] } },
  { rule: 'nothing-imports-tests', files: { 'shared/logic/a.ts': ['../../test/b.ts'], 'test/b.ts': [] } },
  { rule: 'no-cycles', files: { 'shared/logic/a.ts': ['./b.ts'], 'shared/logic/b.ts': ['./a.ts'] } },
]
