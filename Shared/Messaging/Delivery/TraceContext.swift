import Contracts

/// W3C Trace Context, level 1: the `traceparent` that ties the logs of one journey together over all services.
public enum TraceContext {
    /// A new span of the given trace, or of a new trace when there is none (or a malformed one).
    public static func child(of parent: String?, at moment: Moment) -> String {
        let traceID = parent.flatMap(traceID(in:)) ?? hexadecimal(moment.randomBytes(16))
        return "00-\(traceID)-\(hexadecimal(moment.randomBytes(8)))-01"
    }

    /// The 32 hexadecimal digits of the trace; nil when the header is not valid.
    public static func traceID(in traceparent: String) -> String? {
        let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "00", parts[1].utf8.count == 32, parts[2].utf8.count == 16,
            parts[3].utf8.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(isLowerCaseHexadecimal) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        return String(parts[1])
    }

    private static func isLowerCaseHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
