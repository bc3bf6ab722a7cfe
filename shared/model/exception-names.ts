// Kitex's names of exception type ids: those of its unary calls (pkg/remote/trans_errors.go) and those of TTHeader Streaming
// (pkg/remote/trans/ttstream/exception.go), which never overlap.

const names: Readonly<Record<number, string>> = {
  0: 'UnknownApplicationException', 1: 'UnknownMethod', 2: 'InvalidMessageTypeException', 3: 'WrongMethodName', 4: 'BadSequenceID', 5: 'MissingResult', 6: 'InternalError',
  7: 'ProtocolError', 8: 'InvalidTransform', 9: 'InvalidProtocol', 10: 'UnsupportedClientType', 20: 'UnknownService', 21: 'NoServiceName',
  12001: 'ApplicationException', 12002: 'UnexpectedHeader', 12003: 'IllegalBizErr', 12004: 'IllegalFrame', 12005: 'IllegalOperation', 12006: 'Transport',
  12007: 'BizCancel', 12008: 'BizCancelWithCause', 12009: 'DownstreamCancel', 12010: 'UpstreamCancel', 12011: 'InternalCancel', 12012: 'BizHandlerReturnCancel',
  12013: 'ConnectionClosedCancel', 12014: 'StreamRecvTimeout', 12015: 'StreamTimeout',
}

/** Kitex's name of an exception's type id; undefined for ids of a server's own. */
export const exceptionTypeName = (typeId: number): string | undefined => names[typeId]
