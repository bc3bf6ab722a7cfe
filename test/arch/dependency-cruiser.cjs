// The architecture as rules: who may import whom. Each comment says what to do instead. Exceptions stand in the block headed
// "debt" at the end, each with who removes it and when; today there are none.

const engine = '^src-main/engine'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-imports-only-shared',
      comment: 'shared/ runs anywhere, so it knows no process. Move what both sides need into shared/, or pass it in as an argument.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(src-main|src-renderer|test)/' },
    },
    {
      name: 'shared-base-is-the-floor',
      comment: 'shared/base imports itself only. What needs a model belongs in shared/model or shared/logic.',
      severity: 'error',
      from: { path: '^shared/base/' },
      to: { path: '^shared/(?!base/)' },
    },
    {
      name: 'shared-has-no-node',
      comment: 'shared/ has no Node and no package but zod, fastest-levenshtein (and i18next inside shared/i18n). Take what you need as a parameter; a host supplies it.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'], pathNot: ['node_modules/zod/', 'node_modules/i18next/', 'node_modules/fastest-levenshtein/'] },
    },
    {
      name: 'shared-i18next-only-in-i18n',
      comment: 'Only shared/i18n words text. Elsewhere name a message key and parameters.',
      severity: 'error',
      from: { path: '^shared/(?!i18n/)' },
      to: { path: 'node_modules/i18next/' },
    },
    {
      name: 'engine-knows-no-host',
      comment: 'The engine is a library. Give it what it needs by createEngine(ports), or emit an event that the host listens to.',
      severity: 'error',
      from: { path: engine },
      to: { path: '^(src-main/(app|cli|preload|serve|host|launch)|src-renderer|test)/' },
    },
    {
      name: 'engine-does-not-know-ipc',
      comment: 'Data that both engine and contract speak belongs in shared/model; the router translates.',
      severity: 'error',
      from: { path: engine },
      to: { path: '^shared/ipc/' },
    },
    {
      name: 'hosts-enter-by-the-door',
      comment: 'Hosts import the engine by src-main/engine/index.ts only. Export there what you need, or let the engine do it.',
      severity: 'error',
      from: { path: '^src-main/(app|cli|serve|host)/' },
      to: { path: `${engine}/(?!index\\.ts$)` },
    },
    {
      name: 'hosts-do-not-meet',
      comment: 'app, cli and preload are separate programs. What two of them need belongs in the engine, in shared/, or in the host layer that both stand on.',
      severity: 'error',
      from: { path: '^src-main/(app|cli|preload)/' },
      to: { path: '^src-main/(app|cli|preload)/', pathNot: '^src-main/$1/' },
    },
    {
      name: 'middlewares-do-not-meet',
      comment: 'A middleware knows only its context. What two of them share is a policy/ object or a field of RpcInfo.',
      severity: 'error',
      from: { path: '^src-main/engine/middleware/([^/]+)\\.ts$' },
      to: { path: '^src-main/engine/middleware/', pathNot: '^src-main/engine/middleware/($1|index|middleware)\\.ts$' },
    },
    {
      name: 'middleware-is-not-aware-of-the-recorder',
      comment: 'The recorder sees changes by comparing contexts. Say what you decided by passing a new context or a new reply.',
      severity: 'error',
      from: { path: '^src-main/engine/(middleware|policy)/' },
      to: { path: '^src-main/engine/kernel/recorder' },
    },
    {
      name: 'policy-is-pure',
      comment: 'A policy decides from its arguments: no clock, no socket, no neighbour. Pass them in.',
      severity: 'error',
      from: { path: '^src-main/engine/policy/' },
      to: { path: '^src-main/', pathNot: '^src-main/engine/policy/' },
    },
    {
      name: 'policy-has-no-io',
      comment: 'A policy does no I/O: no Node module, no package but zod. Pass the clock and the randomness in.',
      severity: 'error',
      from: { path: '^src-main/engine/policy/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: ['node_modules/zod/'] },
    },
    {
      name: 'codec-and-transport-are-strangers',
      comment: 'Codecs turn values into bytes, transports move frames. The terminal endpoint joins them; shared shapes go to shared/model.',
      severity: 'error',
      from: { path: '^src-main/engine/(codec|transport)/' },
      to: { path: '^src-main/engine/(codec|transport)/', pathNot: '^src-main/engine/$1/' },
    },
    {
      name: 'electron-only-in-app-and-preload',
      comment: 'Only src-main/app and src-main/preload know Electron. Ask for what you need through a port of createEngine.',
      severity: 'error',
      from: { pathNot: '^(src-main/(app|preload)|test)/' },
      to: { path: '(^electron$|node_modules/electron/)' },
    },
    {
      name: 'preload-is-thin',
      comment: 'The preload forwards and refuses, nothing else: it imports itself, shared/ipc and electron.',
      severity: 'error',
      from: { path: '^src-main/preload/' },
      to: { pathNot: '^(src-main/preload/|shared/ipc/|electron$|node_modules/electron/)' },
    },
    {
      name: 'renderer-sees-shared-only',
      comment: 'The renderer reaches the engine by the contract (src-renderer/platform). Move the pure part into shared/logic.',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^(src-main|test)/' },
    },
    {
      name: 'features-do-not-meet',
      comment: 'Features meet in a store or in shared/model, never in each other. Lift the common part to ui/, store/ or shared/logic.',
      severity: 'error',
      from: { path: '^src-renderer/features/([^/]+)/' },
      to: { path: '^src-renderer/features/', pathNot: '^src-renderer/features/$1/' },
    },
    {
      name: 'ui-is-dumb',
      comment: 'A widget takes props. Let the feature that uses it read the store.',
      severity: 'error',
      from: { path: '^src-renderer/(ui|theme)/' },
      to: { path: '^src-renderer/(store|platform|features)/' },
    },
    {
      name: 'views-do-not-call-the-platform',
      comment: 'A view calls a store action; the store calls the platform.',
      severity: 'error',
      from: { path: '^src-renderer/.*\\.tsx$', pathNot: '^src-renderer/main\\.tsx$' },
      to: { path: '^src-renderer/platform/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Code that the product needs lives in the product; tests import it from there.',
      severity: 'error',
      from: { path: '^(shared|src-main|src-renderer)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea, or a third file is missing: move the shared part below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    // ---- debt: exceptions, each with who removes it and when ----
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|out|release)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.d.ts'] },
  },
}
