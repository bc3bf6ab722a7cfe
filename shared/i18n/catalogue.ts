// Joins the areas of each language. A key stands in one area only.

import { error as errorEn } from './en/error.ts'
import { idl as idlEn } from './en/idl.ts'
import { codec as codecEn } from './en/codec.ts'
import { transport as transportEn } from './en/transport.ts'
import { discovery as discoveryEn } from './en/discovery.ts'
import { chain as chainEn } from './en/chain.ts'
import { call as callEn } from './en/call.ts'
import { telemetry as telemetryEn } from './en/telemetry.ts'
import { mock as mockEn } from './en/mock.ts'
import { cli as cliEn } from './en/cli.ts'
import { app as appEn } from './en/app.ts'
import { workspace as workspaceEn } from './en/workspace.ts'
import { demo as demoEn } from './en/demo.ts'
import { launch as launchEn } from './en/launch.ts'
import { inspector as inspectorEn } from './en/inspector.ts'
import { trace as traceEn } from './en/trace.ts'
import { stream as streamEn } from './en/stream.ts'
import { grpc as grpcEn } from './en/grpc.ts'
import { http2 as http2En } from './en/http2.ts'
import { http as httpEn } from './en/http.ts'
import { ttstream as ttstreamEn } from './en/ttstream.ts'
import { probe as probeEn } from './en/probe.ts'
import { protobuf as protobufEn } from './en/protobuf.ts'
import { error as errorZh } from './zh-CN/error.ts'
import { idl as idlZh } from './zh-CN/idl.ts'
import { codec as codecZh } from './zh-CN/codec.ts'
import { transport as transportZh } from './zh-CN/transport.ts'
import { discovery as discoveryZh } from './zh-CN/discovery.ts'
import { chain as chainZh } from './zh-CN/chain.ts'
import { call as callZh } from './zh-CN/call.ts'
import { telemetry as telemetryZh } from './zh-CN/telemetry.ts'
import { mock as mockZh } from './zh-CN/mock.ts'
import { cli as cliZh } from './zh-CN/cli.ts'
import { app as appZh } from './zh-CN/app.ts'
import { workspace as workspaceZh } from './zh-CN/workspace.ts'
import { demo as demoZh } from './zh-CN/demo.ts'
import { launch as launchZh } from './zh-CN/launch.ts'
import { inspector as inspectorZh } from './zh-CN/inspector.ts'
import { trace as traceZh } from './zh-CN/trace.ts'
import { stream as streamZh } from './zh-CN/stream.ts'
import { grpc as grpcZh } from './zh-CN/grpc.ts'
import { http2 as http2Zh } from './zh-CN/http2.ts'
import { http as httpZh } from './zh-CN/http.ts'
import { ttstream as ttstreamZh } from './zh-CN/ttstream.ts'
import { probe as probeZh } from './zh-CN/probe.ts'
import { protobuf as protobufZh } from './zh-CN/protobuf.ts'

export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

export const en = { ...errorEn, ...idlEn, ...codecEn, ...transportEn, ...discoveryEn, ...chainEn, ...callEn, ...telemetryEn, ...mockEn, ...cliEn, ...appEn, ...workspaceEn, ...demoEn, ...launchEn, ...inspectorEn, ...traceEn, ...probeEn, ...streamEn, ...grpcEn, ...http2En, ...httpEn, ...ttstreamEn, ...protobufEn }
export const zhCn = { ...errorZh, ...idlZh, ...codecZh, ...transportZh, ...discoveryZh, ...chainZh, ...callZh, ...telemetryZh, ...mockZh, ...cliZh, ...appZh, ...workspaceZh, ...demoZh, ...launchZh, ...inspectorZh, ...traceZh, ...probeZh, ...streamZh, ...grpcZh, ...http2Zh, ...httpZh, ...ttstreamZh, ...protobufZh }

/** A key that may be passed to a translator: plural keys by their stem. */
export type MessageKey = StripPlural<keyof typeof en>
type StripPlural<K> = K extends `${infer Stem}_one` ? Stem : K extends `${infer Stem}_other` ? Stem : K
