// TApplicationException's types by the names that Kitex gives them (pkg/remote/trans_errors.go).

const names: ReadonlyMap<number, string> = new Map([
  [0, 'UnknownApplicationException'], [1, 'UnknownMethod'], [2, 'InvalidMessageTypeException'], [3, 'WrongMethodName'], [4, 'BadSequenceID'],
  [5, 'MissingResult'], [6, 'InternalError'], [7, 'ProtocolError'], [8, 'InvalidTransform'], [9, 'InvalidProtocol'],
  [10, 'UnsupportedClientType'], [20, 'UnknownService'], [21, 'NoServiceName'],
])

export const exceptionName = (typeId: number): string => names.get(typeId) ?? `type ${typeId}`
